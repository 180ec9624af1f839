using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>An object lives while anyone holds it, and not longer: W19.</summary>
public sealed class LifetimeTests
{
    [Fact]
    public void W19_The_last_handle_takes_the_name_with_it()
    {
        string name = Expect.NewName();
        SharedMemory first = SharedMemory.Create(name, 4096);
        SharedMemory second = SharedMemory.Open(name);
        first.Dispose();
        Assert.True(SharedMemory.Exists(name));
        second.Dispose();
        Assert.False(SharedMemory.Exists(name));
        Expect.Refusal(FailureReason.NotFound, 2, () => SharedMemory.Open(name));
    }

    [Fact]
    public void W19_A_view_alone_keeps_the_section_alive()
    {
        string name = Expect.NewName();
        SharedMemory section = SharedMemory.Create(name, 4096);
        MemoryView view = section.Map();
        section.Dispose();
        using (SharedMemory again = SharedMemory.Open(name))
            Assert.Equal(4096, again.Size);
        view.Dispose();
        Assert.False(SharedMemory.Exists(name));
    }

    [Fact]
    public void W19_A_view_that_another_process_holds_keeps_the_section_alive()
    {
        string name = Expect.NewName();
        using Peer peer = Peer.Start();
        using (SharedMemory section = SharedMemory.Create(name, 4096))
        {
            peer.Do("open-section", "s", name);
            peer.Do("map", "v", "s", 0, 0);
            peer.Do("dispose", "s");
        }
        Assert.True(SharedMemory.Exists(name));
        peer.Do("dispose", "v");
        Assert.False(SharedMemory.Exists(name));
    }

    [Fact]
    public void W19_Who_opens_what_is_being_closed_finds_it_as_it_was_made_or_not_at_all()
    {
        const int Rounds = 1_000, Finds = 20;
        string name = Expect.NewName();
        int[] found = new int[2];
        bool done = false;
        Task<bool>[] openers = [.. Enumerable.Range(0, found.Length).Select(opener => Expect.Begin(() =>
        {
            while (!Volatile.Read(ref done))
            {
                if (!SharedMemory.TryOpen(name, out SharedMemory? section))
                    continue;
                using (section)
                    Assert.Equal(100, section.Size);
                Interlocked.Increment(ref found[opener]);
            }
            return true;
        }))];
        int rounds = 0;
        Expect.Eventually(() =>
        {
            using SharedMemory section = SharedMemory.CreateOrOpen(name, 100, out _);
            Assert.Equal(100, section.Size);
            return ++rounds >= Rounds && found.All(f => f >= Finds) || openers.Any(o => o.IsCompleted);
        }, "found by all while it comes and goes");
        Volatile.Write(ref done, true);
        Assert.All(openers, o => Assert.True(Expect.Result(o)));
    }

    [Theory]
    [InlineData("create-section", "4096", null)]
    [InlineData("create-mutex", "True", null)]
    [InlineData("create-event", "AutoReset", "True")]
    [InlineData("create-semaphore", "1", "2")]
    public void W19_What_a_killed_process_held_alone_is_gone_and_the_name_is_free(string verb, string first, string? second)
    {
        string name = Expect.NewName();
        using (Peer peer = Peer.Start())
        {
            peer.Do(verb, second is null ? ["o", name, first] : ["o", name, first, second]);
            Assert.NotNull(SharedObjects.Find(name));
            peer.Kill();
        }
        Assert.Null(SharedObjects.Find(name));
        Assert.DoesNotContain(SharedObjects.List(), o => o.Name == name);
        using SharedMemory another = SharedMemory.Create(name, 8192);
        using MemoryView view = another.Map();
        Assert.Equal(-1, view.Span.IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void W19_What_a_process_leaves_open_when_it_ends_is_gone()
    {
        string name = Expect.NewName();
        using Peer peer = Peer.Start();
        peer.Do("create-section", "s", name, 4096);
        peer.Do("create-event", "e", name + "e", "ManualReset", true);
        peer.Leave();
        Assert.Null(SharedObjects.Find(name));
        Assert.Null(SharedObjects.Find(name + "e"));
        Assert.DoesNotContain(SharedObjects.FindOrphans(), o => o.Name.StartsWith(name, StringComparison.Ordinal));
    }

    [Fact]
    public void W19_Killing_one_holder_leaves_the_object_to_the_others()
    {
        string name = Expect.NewName();
        using SharedMemory section = SharedMemory.Create(name, 4096);
        using MemoryView view = section.Map();
        view.Span[0] = 1;
        using (Peer peer = Peer.Start())
        {
            peer.Do("open-section", "s", name);
            peer.Kill();
        }
        using SharedMemory opened = SharedMemory.Open(name);
        using MemoryView same = opened.Map();
        Assert.Equal(1, same.Span[0]);
    }

    [Fact]
    public void W19_The_creators_death_leaves_the_object_to_the_others()
    {
        string name = Expect.NewName();
        using Peer creator = Peer.Start();
        creator.Do("create-semaphore", "s", name, 2, 5);
        using SharedSemaphore semaphore = SharedSemaphore.Open(name);
        creator.Kill();
        using SharedSemaphore again = SharedSemaphore.Open(name);
        Assert.Equal(2, again.Release());
        Assert.Equal(5, semaphore.MaximumCount);
    }

    [Fact]
    public void W19_The_memory_of_a_killed_holder_is_returned()
    {
        string name = Expect.NewName();
        const long Size = 64 << 20;
        using (Peer peer = Peer.Start())
        {
            peer.Do("create-section", "s", name, Size);
            peer.Kill();
        }
        SharedObjects.RemoveOrphans();
        Assert.DoesNotContain(SharedObjects.FindOrphans(), o => o.Name == name);
        Assert.Null(SharedObjects.Find(name));
    }

    [Fact]
    public void W19_Every_handle_counts_for_every_kind()
    {
        string name = Expect.NewName();
        foreach (Func<IDisposable> open in new Func<IDisposable>[]
                 {
                     () => SharedMemory.CreateOrOpen(name, 4096),
                     () => SharedMutex.CreateOrOpen(name),
                     () => SharedEvent.CreateOrOpen(name, EventResetMode.AutoReset),
                     () => SharedSemaphore.CreateOrOpen(name, 0, 1),
                 })
        {
            IDisposable first = open(), second = open(), third = open();
            second.Dispose();
            first.Dispose();
            first.Dispose();
            Assert.NotNull(SharedObjects.Find(name));
            third.Dispose();
            Assert.Null(SharedObjects.Find(name));
        }
    }

    [Fact]
    public void W19_One_handle_disposed_by_many_threads_at_once_is_one_handle_less()
    {
        string name = Expect.NewName();
        using SharedEvent kept = SharedEvent.Create(name, EventResetMode.AutoReset);
        SharedEvent[] handles = [.. Enumerable.Range(0, 2_000).Select(_ => SharedEvent.Open(name))];
        var arrived = new int[handles.Length];
        bool DisposeAll()
        {
            for (int i = 0; i < handles.Length; i++)
            {
                Interlocked.Increment(ref arrived[i]);
                SpinWait.SpinUntil(() => Volatile.Read(ref arrived[i]) == 2);
                handles[i].Dispose();
            }
            return true;
        }
        Task<bool> other = Expect.Begin(DisposeAll);
        DisposeAll();
        Expect.Result(other);
        Assert.True(SharedEvent.Exists(name));
        kept.Set();
        Assert.Equal(WaitResult.Signaled, kept.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void W19_A_name_can_be_made_and_given_up_by_two_processes_in_turn_many_times()
    {
        string name = Expect.NewName();
        using Peer peer = Peer.Start();
        for (int round = 0; round < 100; round++)
        {
            peer.Begin("create-section", "s", name, 4096);
            // Whatever the other is just doing, this one gets a section or is told that there is one: never anything else.
            using (SharedMemory.CreateOrOpen(name, 4096))
            {
            }
            try
            {
                peer.End();
                peer.Do("dispose", "s");
            }
            catch (PeerRefusedException e)
            {
                Assert.StartsWith("AlreadyExists", e.Message, StringComparison.Ordinal);
            }
        }
        Assert.False(SharedMemory.Exists(name));
    }
}
