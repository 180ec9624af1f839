using Samepage.Channels;

namespace Samepage.Cli.Bench;

/// <summary>A topic each way.</summary>
internal sealed class TopicRoute : MessageRoute
{
    public const string Kind = "topic";

    private readonly Topic _there, _back;
    private readonly TopicPublisher _publisher;
    private readonly TopicSubscriber _subscriber;
    private readonly CancellationToken _ended;

    public TopicRoute(string name, bool asks, BenchJob job, CancellationToken ended)
        : base("Samepage topic", $"{Kind}:{name}")
    {
        var options = new TopicOptions();
        options = options with { Capacity = job.Capacity(options.Capacity) };
        _there = Topic.CreateOrOpen($"{name}-there", options);
        _back = Topic.CreateOrOpen($"{name}-back", options);
        _publisher = (asks ? _there : _back).CreatePublisher(job.Strategy);
        // The first message may come before the one who reads it.
        _subscriber = (asks ? _back : _there).Subscribe(new SubscriptionOptions { Strategy = job.Strategy, History = SubscriptionOptions.All });
        _ended = ended;
    }

    public override void Dispose()
    {
        _subscriber.Dispose();
        _publisher.Dispose();
        _back.Dispose();
        _there.Dispose();
    }

    protected override void Send(ReadOnlySpan<byte> message) => _publisher.Publish(message, cancellationToken: _ended);

    protected override void Receive(Span<byte> room) => Take(_subscriber.Read(_ended).Span, room);
}
