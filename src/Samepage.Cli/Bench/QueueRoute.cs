using Samepage.Channels;

namespace Samepage.Cli.Bench;

/// <summary>A queue each way.</summary>
internal sealed class QueueRoute : MessageRoute
{
    public const string Kind = "queue";

    private readonly Queue _there, _back;
    private readonly QueueSender _sender;
    private readonly QueueReceiver _receiver;
    private readonly CancellationToken _ended;

    public QueueRoute(string name, bool asks, BenchJob job, CancellationToken ended)
        : base("Samepage queue", $"{Kind}:{name}")
    {
        var options = new QueueOptions();
        options = options with { Capacity = job.Capacity(options.Capacity) };
        _there = Queue.CreateOrOpen($"{name}-there", options);
        _back = Queue.CreateOrOpen($"{name}-back", options);
        _sender = (asks ? _there : _back).CreateSender(job.Strategy);
        _receiver = (asks ? _back : _there).CreateReceiver(job.Strategy);
        _ended = ended;
    }

    public override void Dispose()
    {
        _receiver.Dispose();
        _sender.Dispose();
        _back.Dispose();
        _there.Dispose();
    }

    protected override void Send(ReadOnlySpan<byte> message) => _sender.Send(message, cancellationToken: _ended);

    protected override void Receive(Span<byte> room) => Take(_receiver.Receive(_ended).Span, room);
}
