using Samepage.Atomics;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>The sentinels of one wait: as few threads as the kernel's limits allow, and one for each mutex.</summary>
internal sealed class SentinelGroup : IDisposable
{
    private readonly uint[] _round = PrivateWord.New();
    private readonly List<Sentinel> _sentinels = [];
    private Exception? _failure;

    /// <param name="objects">What they sleep for.</param>
    /// <param name="begun">What the wait remembers of each.</param>
    /// <param name="ring">Wakes the waiter; called by their threads.</param>
    public SentinelGroup(ReadOnlySpan<WaitableBackend> objects, ReadOnlySpan<uint> begun, Action ring)
    {
        // One word of each sleep is the one that ends it.
        int most = Futex.HasWaitV ? Futex.MostWords - 1 : 1;
        var words = new List<int>();
        for (int i = 0; i < objects.Length; i++)
        {
            if (objects[i] is FutexMutex)
                Add(objects, begun, [i], ring);
            else
                words.Add(i);
        }
        foreach (int[] part in words.Chunk(most))
            Add(objects, begun, part, ring);
        try
        {
            foreach (Sentinel sentinel in _sentinels)
                sentinel.Start();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The number of the waiter's present look, which sentinels that have rung wait to change.</summary>
    public PrivateWord Round => new(_round);

    /// <summary>What is signalled from now on and not taken by the look that begins now will ring again.</summary>
    public void BeginLook() => Round.IncrementAndWake();

    public void ThrowIfFailed()
    {
        if (SharedAtomics.Observe(ref _failure) is { } failure)
            throw failure;
    }

    public void Fail(Exception failure) => SharedAtomics.Publish(ref _failure, failure);

    public void Dispose()
    {
        foreach (Sentinel sentinel in _sentinels)
            sentinel.End();
        // After that: those that have rung and wait here see that it is over.
        Round.IncrementAndWake();
        foreach (Sentinel sentinel in _sentinels)
            sentinel.Join();
    }

    private void Add(ReadOnlySpan<WaitableBackend> objects, ReadOnlySpan<uint> begun, int[] indices, Action ring)
    {
        var its = new WaitableBackend[indices.Length];
        uint[] begunOfIts = new uint[indices.Length];
        for (int i = 0; i < indices.Length; i++)
            (its[i], begunOfIts[i]) = (objects[indices[i]], begun[indices[i]]);
        _sentinels.Add(new Sentinel(this, its, begunOfIts, ring));
    }
}
