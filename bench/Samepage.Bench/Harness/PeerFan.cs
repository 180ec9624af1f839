namespace Samepage.Bench.Harness;

/// <summary>One peer on the first processor and many on the second: one sends to the many, or the many to the one.</summary>
internal sealed class PeerFan : IDisposable
{
    private readonly PeerProcess[] _senders;
    private readonly PeerProcess[] _receivers;

    /// <summary>The least that each member has allocated in a run, senders first: what it makes once, when it first sleeps, it makes in a run of its own.</summary>
    private readonly long[] _leastAllocated;

    private PeerFan(PeerProcess[] members, Func<int, bool> sends)
    {
        ILookup<bool, PeerProcess> bySending = members.Index().ToLookup(m => sends(m.Index), m => m.Item);
        _senders = [.. bySending[true]];
        _receivers = [.. bySending[false]];
        _leastAllocated = [.. Enumerable.Repeat(long.MaxValue, members.Length)];
    }

    public int Senders => _senders.Length;

    public WarmUp WarmUp => _senders[0].WarmUp;

    /// <summary>Starts the one, which makes what they share, then the many at once, and lets all of them meet.</summary>
    /// <param name="many">How many.</param>
    /// <param name="sends">Whether a member sends; the one is 0.</param>
    /// <param name="start">From the processor and the number of a member.</param>
    public static PeerFan Start(int many, Func<int, bool> sends, Func<int, int, PeerProcess> start)
    {
        PeerProcess one = start(Processors.First, 0);
        Task<PeerProcess>[] others = [.. Enumerable.Range(1, many).Select(member => Task.Run(() => start(Processors.Second, member)))];
        try
        {
            Task.WaitAll(others);
            var fan = new PeerFan([one, .. others.Select(o => o.Result)], sends);
            // Some rivals connect only now: nobody goes on before all have had a first message.
            _ = fan.Run(1);
            return fan;
        }
        catch
        {
            foreach (PeerProcess started in others.Where(o => o.IsCompletedSuccessfully).Select(o => o.Result).Append(one))
                started.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Each sender sends so many messages. Says how long that took, from the first one's beginning until the last receiver had all, in ticks of the machine's clock;
    /// and what they allocate in every run.
    /// </summary>
    public (long Ticks, long AllocatedBytes) Run(long count)
    {
        // The receivers first: a message should find them waiting.
        foreach (PeerProcess member in _receivers.Concat(_senders))
            member.Send($"run {count}");
        (long Moment, long AllocatedBytes)[] begun = [.. _senders.Select(s => s.Receive())], done = [.. _receivers.Select(r => r.Receive())];
        foreach ((int index, (long _, long allocated)) in begun.Concat(done).Index())
            _leastAllocated[index] = Math.Min(_leastAllocated[index], allocated);
        return (done.Max(d => d.Moment) - begun.Min(b => b.Moment), _leastAllocated.Sum());
    }

    public void Dispose()
    {
        foreach (PeerProcess member in _senders.Concat(_receivers))
            member.Dispose();
    }
}
