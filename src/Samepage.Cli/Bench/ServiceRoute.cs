using Samepage.Channels;

namespace Samepage.Cli.Bench;

/// <summary>A service: the message is the request, and the response.</summary>
internal sealed class ServiceRoute : Route
{
    public const string Kind = "service";

    /// <summary>What a response takes of its room beside its bytes.</summary>
    private const int ResponseHeader = 8;

    private readonly Service _service;
    private readonly ServiceClient? _client;
    private readonly ServiceServer? _server;
    private readonly CancellationToken _ended;

    public ServiceRoute(string name, bool asks, BenchJob job, CancellationToken ended)
        : base("Samepage service", $"{Kind}:{name}")
    {
        _service = Service.CreateOrOpen(name, new ServiceOptions { LongestRequest = job.Size, ResponseRoom = job.Size + ResponseHeader, MaxCalls = 1 });
        _client = asks ? _service.CreateClient(job.Strategy) : null;
        _server = asks ? null : _service.Serve(job.Strategy);
        _ended = ended;
    }

    public override void Ask(ReadOnlySpan<byte> message, Span<byte> answer)
    {
        _ = _client!.Call(message, out ServiceResponse response, Timeout.InfiniteTimeSpan, cancellationToken: _ended);
        Take(response.Span, answer);
        response.Dispose();
    }

    public override void Answer(Span<byte> message)
    {
        _ = _server!.TryTake(Timeout.InfiniteTimeSpan, out ServiceRequest request, _ended);
        Take(request.Span, message);
        _ = request.Reply(message);
    }

    public override void Dispose()
    {
        _client?.Dispose();
        _server?.Dispose();
        _service.Dispose();
    }
}
