using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>Who takes part in an object, and how its end is told: W19, W35.</summary>
public sealed class TetherTests
{
    private static readonly TimeSpan _shortly = TimeSpan.FromMilliseconds(50);

    [Theory]
    [InlineData(SharedObjectKind.Section, false)]
    [InlineData(SharedObjectKind.Section, true)]
    [InlineData(SharedObjectKind.Mutex, false)]
    [InlineData(SharedObjectKind.Mutex, true)]
    [InlineData(SharedObjectKind.Event, false)]
    [InlineData(SharedObjectKind.Event, true)]
    [InlineData(SharedObjectKind.Semaphore, false)]
    [InlineData(SharedObjectKind.Semaphore, true)]
    public void W19_Who_takes_part_in_an_object_is_seen_until_it_leaves(SharedObjectKind kind, bool isGlobal)
    {
        using var shared = new Shared(kind, isGlobal ? Expect.NewGlobalName() : Expect.NewName());
        Assert.Empty(shared.Participants());
        using SharedMembership first = shared.Join();
        using SharedMembership second = shared.Join();
        Assert.NotEqual(first.Id, second.Id);
        // Also through a handle that only opened the object.
        using Shared opened = shared.Opened();
        IReadOnlyList<SharedParticipant> both = opened.Participants();
        Assert.Equal(new[] { first.Id, second.Id }.Order(), both.Select(p => p.Id).Order());
        Assert.All(both, p => Assert.Equal(Environment.ProcessId, p.ProcessId));
        first.Dispose();
        first.Dispose();
        Assert.Equal([second.Id], opened.Participants().Select(p => p.Id));
        second.Dispose();
        Assert.Empty(shared.Participants());
    }

    [Fact]
    public void W19_A_section_over_a_file_has_participants_too()
    {
        using var file = new TemporaryFile(new byte[100]);
        string name = Expect.NewName();
        using SharedMemory section = SharedMemory.CreateFromFile(file.Path, name);
        using SharedMembership membership = section.Join();
        using SharedMemory opened = SharedMemory.Open(name, MemoryAccess.Read);
        Assert.Equal(membership.Id, Assert.Single(opened.Participants()).Id);
        using LentHandle lent = section.Offer();
        using SharedMemory adopted = SharedMemory.OpenHandle(lent.Text);
        Assert.Equal(membership.Id, Assert.Single(adopted.Participants()).Id);
    }

    [Fact]
    public void W19_Participants_are_those_of_one_object()
    {
        string name = Expect.NewName();
        using SharedEvent other = SharedEvent.Create(name + "-other", EventResetMode.AutoReset);
        SharedEvent before = SharedEvent.Create(name, EventResetMode.AutoReset);
        using SharedMembership membership = before.Join();
        SharedTether tether = Watch(before.Participants(), membership.Id);
        Assert.Empty(other.Participants());
        // It does not keep the object alive, and is not one of the next object's of the same name; Windows knows objects by their names alone.
        before.Dispose();
        Assert.False(SharedEvent.Exists(name));
        using SharedEvent after = SharedEvent.Create(name, EventResetMode.AutoReset);
        Assert.Equal(OperatingSystem.IsWindows() ? [membership.Id] : [], after.Participants().Select(p => p.Id));
        Assert.Equal(WaitResult.TimedOut, tether.Wait(TimeSpan.Zero));
        membership.Dispose();
        Assert.Equal(WaitResult.Signaled, tether.Wait(Peer.Patience));
        tether.Dispose();
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200)]
    [InlineData(206)]
    [InlineData(240)]
    [InlineData(253)]
    public void W19_An_object_has_the_same_participants_by_both_spellings_of_its_name(int length)
    {
        string name = Guid.NewGuid().ToString("N")[..10].PadRight(length, 'x');
        using SharedEvent one = SharedEvent.Create(@"Local\" + name, EventResetMode.AutoReset);
        using SharedEvent same = SharedEvent.Open(name);
        using SharedEvent other = SharedEvent.Create(name[..^1] + "y", EventResetMode.AutoReset);
        using SharedMembership membership = one.Join();
        Assert.Equal(membership.Id, Assert.Single(same.Participants()).Id);
        Assert.Empty(other.Participants());
    }

    [Fact]
    public void W19_Memberships_are_no_objects_and_no_orphans()
    {
        string name = Expect.NewName();
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using SharedMembership membership = signal.Join();
        Assert.DoesNotContain(SharedObjects.List(withHolders: true), o => o.Name is null || o.Kind == SharedObjectKind.Tether);
        Assert.DoesNotContain(SharedObjects.List(), o => o.Name!.Contains(membership.Id.ToString("x16", null), StringComparison.Ordinal));
        Assert.DoesNotContain(SharedObjects.FindOrphans(), o => o.Name.Contains(membership.Id.ToString("x16", null), StringComparison.Ordinal));
        _ = SharedObjects.RemoveOrphans();
        Assert.Equal(membership.Id, Assert.Single(signal.Participants()).Id);
    }

    [Fact]
    public void W19_What_has_no_name_has_no_participants()
    {
        using SharedMemory anonymous = SharedMemory.CreateAnonymous(100);
        Assert.Throws<InvalidOperationException>(anonymous.Join);
        Assert.Contains("name", Assert.Throws<InvalidOperationException>(anonymous.Participants).Message, StringComparison.Ordinal);
        using SharedEvent signal = SharedEvent.Create(Expect.NewName(), EventResetMode.AutoReset);
        using SharedMembership membership = signal.Join();
        using SharedTether tether = Watch(signal.Participants(), membership.Id);
        Assert.Throws<InvalidOperationException>(tether.Join);
        Assert.Throws<InvalidOperationException>(tether.Participants);
        SharedEvent closed = SharedEvent.Open(signal.Name);
        closed.Dispose();
        Assert.Throws<ObjectDisposedException>(closed.Join);
        Assert.Throws<ObjectDisposedException>(closed.Participants);
    }

    [Fact]
    public void W35_A_tether_says_what_it_is_and_stays_signalled()
    {
        using SharedMemory section = SharedMemory.Create(Expect.NewName(), 100);
        using SharedMembership membership = section.Join();
        using SharedTether tether = Watch(section.Participants(), membership.Id);
        Assert.Equal((section.Name, SharedObjectKind.Tether, Environment.ProcessId), (tether.Name, tether.Info.Kind, tether.Info.CreatorProcessId));
        Assert.False(tether.Info.State!.IsSignaled);
        Assert.Equal(WaitResult.TimedOut, tether.Wait(TimeSpan.Zero));
        Assert.Equal(WaitResult.TimedOut, tether.Wait(_shortly));
        membership.Dispose();
        for (int i = 0; i < 3; i++)
            Assert.Equal(WaitResult.Signaled, tether.Wait(Peer.Patience));
        Assert.True(tether.Info.State!.IsSignaled);
    }

    [Fact]
    public void W35_Who_is_gone_already_cannot_be_watched()
    {
        using SharedEvent signal = SharedEvent.Create(Expect.NewName(), EventResetMode.AutoReset);
        SharedMembership membership = signal.Join();
        using Peer peer = Peer.Start();
        peer.Do("open-event", "e", signal.Name);
        peer.Do("join", "m", "e");
        IReadOnlyList<SharedParticipant> both = signal.Participants();
        Assert.Equal(2, both.Count);
        membership.Dispose();
        peer.Kill();
        foreach (SharedParticipant participant in both)
        {
            Assert.False(participant.TryWatch(out SharedTether? tether));
            Assert.Null(tether);
        }
        Assert.Empty(signal.Participants());
    }

    [Fact]
    public void W35_Every_watcher_of_every_process_is_told()
    {
        using SharedEvent signal = SharedEvent.Create(Expect.NewName(), EventResetMode.AutoReset);
        using Peer member = Peer.Start(), watcher = Peer.Start();
        member.Do("open-event", "e", signal.Name);
        watcher.Do("open-event", "e", signal.Name);
        string id = member.Do("join", "m", "e");
        Assert.Equal(member.Id, Assert.Single(signal.Participants()).ProcessId);
        SharedTether[] tethers = [.. Enumerable.Range(0, 3).Select(_ => Watch(signal.Participants(), long.Parse(id, null)))];
        Task<WaitResult>[] waiters = [.. tethers.Select(t => Expect.Begin(() => t.Wait()))];
        watcher.Do("watch", "t", "e", id);
        watcher.Begin("wait", "t", -1);
        Assert.False(watcher.IsDoneWithin(_shortly));
        Assert.All(waiters, w => Assert.False(w.IsCompleted));
        member.Kill();
        Assert.Equal("Abandoned", watcher.End());
        Assert.All(waiters, w => Assert.Equal(WaitResult.Abandoned, Expect.Result(w)));
        Assert.All(tethers, t => t.Dispose());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task W35_Every_kind_of_wait_tells_whether_it_died_or_left(bool dies)
    {
        WaitResult expected = dies ? WaitResult.Abandoned : WaitResult.Signaled;
        string name = Expect.NewName();
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using SharedMutex mutex = SharedMutex.Create(name + "-mutex");
        using SharedSemaphore permits = SharedSemaphore.Create(name + "-permits", 4, 4);
        using Peer peer = Peer.Start();
        peer.Do("open-event", "e", name);
        string id = peer.Do("join", "m", "e");
        using SharedTether tether = Watch(signal.Participants(), long.Parse(id, null));
        SharedWaitable[] any = [signal, tether];
        SharedWaitable[] all = [permits, tether];
        Task<WaitResult> one = Expect.Begin(() => tether.Wait());
        Task<SharedWaitResult> anyOf = Expect.Begin(() => SharedWait.Any(any));
        Task<SharedWaitResult> allOf = Expect.Begin(() => SharedWait.All(all));
        Task<SharedWaitResult> allWithMutex = Expect.Begin(() =>
        {
            SharedWaitResult result = SharedWait.All([mutex, tether]);
            mutex.Release();
            return result;
        });
        Task<WaitResult> oneAsync = tether.WaitAsync().AsTask();
        Task<SharedWaitResult> anyAsync = SharedWait.AnyAsync(any).AsTask();
        Task<SharedWaitResult> allAsync = SharedWait.AllAsync(all).AsTask();
        Assert.Equal(WaitResult.TimedOut, tether.Wait(_shortly));
        if (dies)
            peer.Kill();
        else
            peer.Leave();
        Assert.Equal(expected, Expect.Result(one));
        Assert.Equal(new SharedWaitResult(expected, 1), Expect.Result(anyOf));
        var expectedOfAll = new SharedWaitResult(expected, dies ? 1 : -1);
        Assert.Equal(expectedOfAll, Expect.Result(allOf));
        Assert.Equal(expectedOfAll, Expect.Result(allWithMutex));
        Assert.Equal(expected, await oneAsync.WaitAsync(Peer.Patience));
        Assert.Equal(new SharedWaitResult(expected, 1), await anyAsync.WaitAsync(Peer.Patience));
        Assert.Equal(expectedOfAll, await allAsync.WaitAsync(Peer.Patience));
        Assert.Equal(2, permits.Info.State!.Count);
    }

    [Fact]
    public void W34_One_that_died_does_not_keep_what_stands_before_it_from_being_taken()
    {
        string name = Expect.NewName();
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using SharedMutex mutex = SharedMutex.Create(name + "-mutex");
        using SharedLock flows = SharedLock.Create(name + "-lock");
        using Peer peer = Peer.Start(), other = Peer.Start();
        peer.Do("open-event", "e", name);
        string id = peer.Do("join", "m", "e");
        using SharedTether tether = Watch(signal.Participants(), long.Parse(id, null));
        other.Do("open-mutex", "x", name + "-mutex");
        Assert.Equal("Signaled", other.Do("wait", "x", 0));
        peer.Kill();
        Assert.Equal(WaitResult.Abandoned, tether.Wait(Peer.Patience));
        Assert.Equal(new SharedWaitResult(WaitResult.Signaled, 0), SharedWait.Any([flows, mutex, tether], TimeSpan.Zero));
        Assert.Equal(new SharedWaitResult(WaitResult.Abandoned, 2), SharedWait.Any([flows, mutex, tether], TimeSpan.Zero));
        flows.Release();
    }

    [Fact]
    public void W31_A_wait_for_all_names_the_first_that_died()
    {
        string name = Expect.NewName();
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using SharedMutex mutex = SharedMutex.Create(name + "-mutex");
        using Peer peer = Peer.Start();
        peer.Do("open-event", "e", name);
        long[] ids = [long.Parse(peer.Do("join", "m", "e"), null), long.Parse(peer.Do("join", "n", "e"), null)];
        using SharedTether one = Watch(signal.Participants(), ids[0]), other = Watch(signal.Participants(), ids[1]);
        Assert.Throws<ArgumentException>(() => SharedWait.All([one, one], TimeSpan.Zero));
        peer.Do("open-mutex", "x", name + "-mutex");
        Assert.Equal("Signaled", peer.Do("wait", "x", 0));
        peer.Kill();
        Assert.Equal(new SharedWaitResult(WaitResult.Abandoned, 0), SharedWait.All([one, mutex, other], Peer.Patience));
        mutex.Release();
        Assert.Equal(new SharedWaitResult(WaitResult.Abandoned, 1), SharedWait.All([mutex, other, one], Peer.Patience));
        mutex.Release();
    }

    [Fact]
    public void W35_A_wait_for_a_tether_can_be_cancelled()
    {
        using SharedEvent signal = SharedEvent.Create(Expect.NewName(), EventResetMode.AutoReset);
        using SharedMembership membership = signal.Join();
        using SharedTether tether = Watch(signal.Participants(), membership.Id);
        using var cancellation = new CancellationTokenSource();
        Task<WaitResult> waiter = Expect.Begin(() => tether.Wait(cancellation.Token));
        Task<WaitResult> pending = tether.WaitAsync(cancellation.Token).AsTask();
        Assert.False(((IAsyncResult)waiter).AsyncWaitHandle.WaitOne(_shortly));
        cancellation.Cancel();
        Assert.Equal(cancellation.Token, Assert.Throws<OperationCanceledException>(() => Expect.Result(waiter)).CancellationToken);
        Assert.ThrowsAny<OperationCanceledException>(() => Expect.Result(pending));
        Assert.Throws<OperationCanceledException>(() => tether.Wait(TimeSpan.Zero, cancellation.Token));
        Assert.Equal(WaitResult.TimedOut, tether.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void W35_Disposing_a_tether_does_not_end_the_waits_that_it_began()
    {
        using SharedEvent signal = SharedEvent.Create(Expect.NewName(), EventResetMode.AutoReset);
        SharedMembership membership = signal.Join();
        SharedTether tether = Watch(signal.Participants(), membership.Id);
        List<Task<WaitResult>> waits = [tether.WaitAsync().AsTask()];
        // When a thread sleeps, Windows does not tell.
        if (!OperatingSystem.IsWindows())
        {
            waits.Add(Expect.Begin(() => tether.Wait()));
            Expect.Eventually(() => tether.Info.State!.HasWaiters, "somebody waits for the tether");
        }
        tether.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tether.Wait());
        Assert.All(waits, w => Assert.False(((IAsyncResult)w).AsyncWaitHandle.WaitOne(_shortly)));
        membership.Dispose();
        Assert.All(waits, w => Assert.Equal(WaitResult.Signaled, Expect.Result(w)));
    }

    [Fact]
    public void W34_Two_tethers_of_one_participant_are_one_object()
    {
        using SharedEvent signal = SharedEvent.Create(Expect.NewName(), EventResetMode.AutoReset);
        using SharedMembership membership = signal.Join();
        using SharedTether one = Watch(signal.Participants(), membership.Id), same = Watch(signal.Participants(), membership.Id);
        Assert.Throws<ArgumentException>(() => SharedWait.All([one, same], TimeSpan.Zero));
        one.Dispose();
        Assert.Equal(WaitResult.TimedOut, same.Wait(TimeSpan.Zero));
        membership.Dispose();
        Assert.Equal(new SharedWaitResult(WaitResult.Signaled, 0), SharedWait.Any([same, same], Peer.Patience));
    }

    [Fact]
    public async Task W35_A_thousand_tethers_work_in_one_process()
    {
        const int Count = 1_000;
        using SharedEvent signal = SharedEvent.Create(Expect.NewName(), EventResetMode.AutoReset);
        SharedMembership[] members = [.. Enumerable.Range(0, Count).Select(_ => signal.Join())];
        IReadOnlyList<SharedParticipant> participants = signal.Participants();
        Assert.Equal(members.Select(m => m.Id).Order(), participants.Select(p => p.Id).Order());
        SharedTether[] tethers = [.. members.Select(m => Watch(participants, m.Id))];
        Task<WaitResult>[] waits = [.. tethers.Select(t => t.WaitAsync().AsTask())];
        // The last of them, found among all.
        members[^1].Dispose();
        Assert.Equal(new SharedWaitResult(WaitResult.Signaled, Count - 1), SharedWait.Any(tethers, Peer.Patience));
        Assert.Equal(WaitResult.Signaled, await waits[^1].WaitAsync(Peer.Patience));
        Assert.All(waits[..^1], w => Assert.False(w.IsCompleted));
        foreach (SharedMembership member in members)
            member.Dispose();
        Assert.All(await Task.WhenAll(waits).WaitAsync(Peer.Patience), r => Assert.Equal(WaitResult.Signaled, r));
        Assert.All(tethers, t => t.Dispose());
        Assert.Empty(signal.Participants());
    }

    private static SharedTether Watch(IEnumerable<SharedParticipant> participants, long id)
    {
        Assert.True(participants.Single(p => p.Id == id).TryWatch(out SharedTether? tether));
        return tether;
    }

    /// <summary>A named object of any kind.</summary>
    private sealed class Shared : IDisposable
    {
        private readonly SharedMemory? _section;
        private readonly SharedWaitable? _waitable;

        public Shared(SharedObjectKind kind, string name)
        {
            _section = kind == SharedObjectKind.Section ? SharedMemory.CreateOrOpen(name, 100) : null;
            _waitable = kind switch
            {
                SharedObjectKind.Mutex => SharedMutex.CreateOrOpen(name),
                SharedObjectKind.Event => SharedEvent.CreateOrOpen(name, EventResetMode.ManualReset),
                SharedObjectKind.Semaphore => SharedSemaphore.CreateOrOpen(name, 1, 1),
                _ => null,
            };
        }

        public Shared Opened() => new(
            _section?.Info.Kind ?? _waitable!.Info.Kind, _section?.Name ?? _waitable!.Name);

        public SharedMembership Join() => _section?.Join() ?? _waitable!.Join();

        public IReadOnlyList<SharedParticipant> Participants() => _section?.Participants() ?? _waitable!.Participants();

        public void Dispose()
        {
            _section?.Dispose();
            _waitable?.Dispose();
        }
    }
}
