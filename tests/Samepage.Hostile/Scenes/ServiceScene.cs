using Samepage.Channels;
using static Samepage.Hostile.Scenes.Waits;

namespace Samepage.Hostile.Scenes;

internal sealed class ServiceScene : IScene
{
    private static readonly TimeSpan _time = TimeSpan.FromMilliseconds(2);
    private readonly Service _service;
    private readonly ServiceClient _client;
    private readonly ServiceServer _server;

    public ServiceScene(string name)
    {
        _service = Service.Create(name, new ServiceOptions { LongestRequest = 1000, ResponseRoom = 4096, MaxCalls = 4, MaxClients = 3, MaxServers = 2 });
        _client = _service.CreateClient(WaitStrategy.Block);
        _server = _service.Serve(WaitStrategy.Block);
        Actors =
        [
            new(new("service: call", r =>
                {
                    if (!_client.Call(Message(r, 900), out ServiceResponse response, _time, retryOnDeath: r.Next(2) == 0))
                        return;
                    using (response)
                        Touch(response.Span);
                }),
                new("service: call asynchronously", r =>
                {
                    using ServiceResponse response = _client.CallAsync(Message(r, 900), _time).AsTask().GetAwaiter().GetResult();
                    Touch(response.Span);
                }),
                new("service: stream", r => Stream(r).GetAwaiter().GetResult()),
                new("service: another client", r =>
                {
                    using ServiceClient other = _service.CreateClient();
                    _ = other.Call(new byte[10], out ServiceResponse response, _time);
                    response.Dispose();
                })),
            new(new("service: serve", Serve),
                new("service: serve", Serve),
                new("service: serve", Serve),
                new("service: serve, waiting", r =>
                {
                    if (_server.TryTake(Short(r), out ServiceRequest request))
                        Answer(r, request);
                }),
                new("service: wait to take", r => _server.WaitToTake(Short(r))),
                new("service: another server", r =>
                {
                    using ServiceServer other = _service.Serve();
                    if (other.TryTake(out ServiceRequest request))
                        Answer(r, request);
                }),
                new("service: open", r =>
                {
                    if (Service.TryOpen(name, out Service? other))
                        other.Dispose();
                }),
                new("service: inspect", _ => ChannelInspector.Find(name))),
        ];
    }

    public IReadOnlyList<Actor> Actors { get; }

    private void Serve(Random random)
    {
        if (_server.TryTake(out ServiceRequest request))
            Answer(random, request);
    }

    private static void Answer(Random random, ServiceRequest request)
    {
        Touch(request.Span);
        _ = request.IsCancelled;
        _ = request.TraceContext;
        if (random.Next(8) == 0)
            return;
        if (request.IsStream)
        {
            for (int i = 0; i < 5; i++)
                _ = request.TryWrite(Message(random, 700));
            _ = request.Complete();
        }
        else if (random.Next(5) == 0)
            _ = request.Fail("no");
        else
            _ = request.Reply(Message(random, 900));
    }

    private async Task Stream(Random random)
    {
        await foreach (ServiceResponse response in _client.StreamAsync(Message(random, 100), _time).ConfigureAwait(false))
        {
            using (response)
                Touch(response.Span);
        }
    }

    public void Dispose() => Holdings.Release(_client, _server, _service);
}
