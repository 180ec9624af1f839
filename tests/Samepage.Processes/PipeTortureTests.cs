using Samepage.Channels;

namespace Samepage.Processes;

/// <summary>Clients that are killed at whatever instruction they have reached, while they connect or write.</summary>
public sealed class PipeTortureTests
{
    private const int Cycle = 251;
    private const int Clients = 25;
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    [Fact]
    public void W41_What_a_killed_client_wrote_is_read_in_order_and_the_next_is_served()
    {
        const string Name = "pipe-torture";
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using PipeListener listener = PipeListener.Create(Name, new PipeOptions { Backlog = 2 });
        for (int client = 0; client < Clients; client++)
        {
            using Peer peer = new();
            peer.Begin($"pipe-connect {Name} c");
            peer.Begin("pipe-write c 50000000");
            Assert.True(listener.TryAccept(_bound, out PipeConnection? server, TestContext.Current.CancellationToken));
            using Stream stream = server.AsStream();
            int until = random.Next(0, 3_000_000), count = 0;
            byte[] buffer = new byte[20_000];
            SharedObjectException ended = Assert.Throws<SharedObjectException>(() =>
            {
                while (stream.Read(buffer) is > 0 and var read)
                {
                    for (int i = 0; i < read; i++)
                        Assert.Equal((count + i) % Cycle, buffer[i]);
                    if (count <= until && count + read > until)
                        peer.Kill();
                    count += read;
                }
            });
            Assert.Equal(FailureReason.PeerDied, ended.Reason);
            Assert.True(count > until);
        }
    }
}
