namespace Samepage.Guide;

public sealed class LocksPage : Page
{
    private static readonly string[] _nothing = [];

    [Fact]
    public void A_mutex()
    {
        #region mutex
        using SharedMutex mutex = SharedMutex.CreateOrOpen("ledger-lock");
        using (SharedMutex.Scope scope = mutex.EnterScope())
        {
            if (scope.WasAbandoned)
                Repair();                                          // the last owner died in the middle
            Change();
        }
        #endregion
        Assert.Equal(["changed"], Shown);
    }

    [Fact]
    public async Task A_lock()
    {
        CancellationToken token = Token;
        #region lock
        using SharedLock ledger = SharedLock.CreateOrOpen("ledger");
        using (SharedLock.Scope scope = await ledger.EnterScopeAsync(token))
        {
            if (scope.WasAbandoned)
                await RepairAsync();
            await ChangeAsync();                                   // on whatever thread
        }
        #endregion
        Assert.Equal(["changed"], Shown);
    }

    [Fact]
    public async Task Readers_and_a_writer()
    {
        CancellationToken token = Token;
        #region reader-writer
        using SharedReaderWriterLock index = SharedReaderWriterLock.CreateOrOpen("index");
        await index.EnterReadAsync(token);
        try { Look(); }
        finally { index.ExitRead(); }

        if (await index.EnterWriteAsync(TimeSpan.FromSeconds(1), token) == WaitResult.Abandoned)
            Repair();                                              // the last writer died; told until a writer has left
        Change();
        index.ExitWrite();
        #endregion
        Assert.Equal(["looked", "changed"], Shown);
    }

    [Fact]
    public void A_signal()
    {
        #region event
        using SharedEvent ready = SharedEvent.CreateOrOpen("frame-ready", EventResetMode.AutoReset);
        ready.Set();                                               // here
        ready.Wait();                                              // there
        #endregion
    }

    [Fact]
    public void Several_at_once()
    {
        using SharedEvent ready = SharedEvent.Create("several-ready", EventResetMode.AutoReset);
        using SharedEvent stop = SharedEvent.Create("several-stop", EventResetMode.ManualReset, initiallySet: true);
        using SharedMutex mutex = SharedMutex.Create("several-mutex");
        using SharedMutex leftFork = SharedMutex.Create("left-fork");
        using SharedMutex rightFork = SharedMutex.Create("right-fork");
        #region wait-any
        SharedWaitResult first = SharedWait.Any([ready, stop, mutex], TimeSpan.FromSeconds(5));
        if (first.Result == WaitResult.TimedOut)
            return;
        Console.WriteLine($"number {first.Index} was signalled");

        SharedWait.All([leftFork, rightFork]);                     // both at one moment, or neither
        #endregion
        Assert.Equal(1, first.Index);
        leftFork.Release();
        rightFork.Release();
    }

    [Fact]
    public async Task Others_beside_them()
    {
        CancellationToken token = Token;
        using SharedMutex mutex = SharedMutex.Create("beside-mutex");
        using var closing = new AutoResetEvent(false);
        Task<string[]> download = Task.FromResult(_nothing);
        #region wait-others
        SharedWaitResult first = SharedWait.Any([mutex, download, closing, WaitSource.After(TimeSpan.FromSeconds(5))], token);
        switch (first.Index)
        {
            case 0: Change(); mutex.Release(); break;              // the lock is ours
            case 1: await download; break;                         // completed: look whether it succeeded
            case 2: return;                                        // an AutoResetEvent of this process, consumed
            case 3: Console.WriteLine("still waiting"); break;     // five seconds since the wait began
        }
        #endregion
        Assert.Equal(["changed"], Shown);
    }

    [Fact]
    public async Task Without_a_thread()
    {
        CancellationToken token = Token;
        using SharedEvent ready = SharedEvent.Create("async-ready", EventResetMode.ManualReset, initiallySet: true);
        using SharedEvent stop = SharedEvent.Create("async-stop", EventResetMode.ManualReset);
        Task download = Task.CompletedTask;
        #region wait-async
        WaitResult result = await ready.WaitAsync(TimeSpan.FromSeconds(5), token);
        SharedWaitResult first = await SharedWait.AnyAsync([ready, stop], token);
        SharedWaitResult both = await SharedWait.AllAsync([ready, download], token);   // the frame, once the download is there as well
        #endregion
        Assert.Equal((WaitResult.Signaled, 0, WaitResult.Signaled), (result, first.Index, both.Result));
    }

    [Fact]
    public async Task Knowing_that_a_peer_left()
    {
        CancellationToken token = Token;
        using SharedMutex work = SharedMutex.Create("work");
        await TakePart(work, token);
        Assert.Equal(["found"], Shown);
    }

    /// <summary>Takes part until somebody has found it.</summary>
    private Task TakePart(SharedMutex work, CancellationToken token)
    {
        #region join
        using SharedMembership membership = work.Join();           // of any named object, for as long as it takes part
        #endregion
        var found = new TaskCompletionSource();
        Task watching = WatchAsync(work, found, token);
        found.Task.Wait(token);
        return watching;
    }

    private async Task WatchAsync(SharedMutex work, TaskCompletionSource found, CancellationToken token)
    {
        Assert.NotEmpty(work.Participants());
        Show("found");
        found.SetResult();
        #region watch-peers
        foreach (SharedParticipant peer in work.Participants())
        {
            if (!peer.TryWatch(out SharedTether? tether))
                continue;                                          // gone already
            WaitResult end = await tether.WaitAsync(token);
            Console.WriteLine($"process {peer.ProcessId} {(end == WaitResult.Abandoned ? "died" : "left")}");
        }
        #endregion
    }

    [Fact]
    public void Who_is_stuck()
    {
        using SharedMutex printer = SharedMutex.Create("printer");
        using SharedMutex.Scope scope = printer.EnterScope();
        #region who-is-stuck
        SharedObjectState state = SharedObjects.Find("printer", withHolders: true)!.State!;
        Console.WriteLine($"{state.OwnerProcessId} owns it, {state.WaiterCount} sleep");
        foreach (SharedObjectHolder waiter in state.Waiters ?? [])
            Console.WriteLine($"waits: {waiter.ProcessId} {waiter.Program}");
        #endregion
        Assert.Equal(Environment.ProcessId, state.OwnerProcessId);
    }

    private void Change() => Show("changed");

    private void Look() => Show("looked");

    private void Repair() => Show("repaired");

    private ValueTask ChangeAsync()
    {
        Change();
        return ValueTask.CompletedTask;
    }

    private ValueTask RepairAsync()
    {
        Repair();
        return ValueTask.CompletedTask;
    }
}
