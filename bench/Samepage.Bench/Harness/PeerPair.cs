namespace Samepage.Bench.Harness;

/// <summary>Two peers on two processors.</summary>
internal sealed record PeerPair(PeerProcess First, PeerProcess Second) : IDisposable
{
    /// <summary>Starts the first, which makes what they share, and then the second.</summary>
    public static PeerPair Start(Func<int, string, PeerProcess> start)
    {
        PeerProcess first = start(Processors.First, "first");
        try
        {
            return new PeerPair(first, start(Processors.Second, "second"));
        }
        catch
        {
            first.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
    }
}
