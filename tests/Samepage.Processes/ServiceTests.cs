using Samepage.Channels;

namespace Samepage.Processes;

/// <summary>Services whose servers and clients are killed at any moment.</summary>
public class ServiceTests
{
    private const int Calls = 3000;
    private const int Kills = 8;
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Whichever_server_is_killed_every_call_that_may_be_asked_again_is_answered()
    {
        const string Name = "service-torture";
        CancellationToken token = TestContext.Current.CancellationToken;
        using Service<int, long> service = Service<int, long>.Create(Name, new ServiceOptions { MaxServers = 4 });
        using ServiceClient<int, long> client = service.CreateClient();
        List<Peer> servers = [Start("service-serve"), Start("service-serve")];
        Task[] calling = [.. Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (int i = 0; i < Calls / 4; i++)
            {
                if (worker % 2 == 0)
                    Assert.Equal(i * 10L, await client.CallAsync(i, _bound, retryOnDeath: true, token));
                else
                {
                    Assert.True(client.Call(i, out long answer, _bound, retryOnDeath: true, token));
                    Assert.Equal(i * 10L, answer);
                }
            }
        }, token))];
        for (int i = 0; i < Kills; i++)
        {
            servers[i % 2].Kill();
            servers[i % 2].Dispose();
            servers[i % 2] = Start("service-serve");
        }
        await Task.WhenAll(calling).WaitAsync(_bound, token);
        foreach (Peer server in servers)
        {
            server.Kill();
            server.Dispose();
        }

        Peer Start(string command)
        {
            var peer = new Peer();
            peer.Do($"service {Name}");
            peer.Begin($"{command} {Name}");
            return peer;
        }
    }

    [Fact]
    public async Task A_call_of_a_killed_client_is_cancelled_at_its_server()
    {
        const string Name = "service-killed-client";
        using Service<int, long> service = Service<int, long>.Create(Name);
        using ServiceServer<int, long> server = service.Serve();
        using var peer = new Peer();
        peer.Do($"service {Name}");
        peer.Do($"service-ask {Name} 7");
        Assert.True(server.TryTake(_bound, out ServiceRequest<int, long> request, TestContext.Current.CancellationToken));
        var cancelled = new TaskCompletionSource();
        using (request.CancellationToken.Register(cancelled.SetResult))
        {
            Assert.False(request.IsCancelled);
            peer.Kill();
            await cancelled.Task.WaitAsync(_bound, TestContext.Current.CancellationToken);
        }
        Assert.True(request.IsCancelled);
        Assert.False(request.Reply(70));
    }
}
