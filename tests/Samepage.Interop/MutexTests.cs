namespace Samepage.Interop;

/// <summary>A mutex shared with a Win32 program, and the deaths of its owners.</summary>
public sealed class MutexTests
{
    [Fact]
    public void A_mutex_made_in_C_keeps_this_side_out()
    {
        string name = Win32.NewName();
        using ForeignProgram c = ForeignProgram.Start("mutex");
        Assert.Equal("0", c.Do($"create {name} {1}"));
        using SharedMutex mutex = SharedMutex.Open(name);
        Assert.Equal(WaitResult.TimedOut, mutex.Wait(TimeSpan.Zero));
        Assert.Throws<InvalidOperationException>(mutex.Release);
        c.Do($"release");
        Assert.Equal(WaitResult.Signaled, mutex.Wait(TimeSpan.Zero));
        Assert.Equal(Win32.TimedOut, c.Do($"wait {0}"));
        Assert.Equal(Win32.NotOwner, c.Refused($"release"));
        mutex.Release();
        Assert.Equal(Win32.Signaled, c.Do($"wait {0}"));
    }

    [Fact]
    public void A_mutex_made_here_keeps_C_out()
    {
        string name = Win32.NewName();
        using SharedMutex mutex = SharedMutex.Create(name, initiallyOwned: true);
        using ForeignProgram c = ForeignProgram.Start("mutex");
        c.Do($"open {name}");
        Assert.Equal(Win32.TimedOut, c.Do($"wait {0}"));
        c.Begin($"wait {-1}");
        mutex.Release();
        Assert.Equal(Win32.Signaled, c.End());
        Assert.Equal(Win32.Signaled, c.Do($"wait {0}"));
        c.Do($"release");
        Assert.Equal(WaitResult.TimedOut, mutex.Wait(TimeSpan.Zero));
        c.Do($"release");
        Assert.Equal(WaitResult.Signaled, mutex.Wait(TimeSpan.Zero));
        mutex.Release();
    }

    [Fact]
    public void When_a_C_owner_is_killed_this_side_is_told()
    {
        string name = Win32.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        using ForeignProgram c = ForeignProgram.Start("mutex");
        c.Do($"open {name}");
        c.Do($"wait {-1}");
        var waiter = new Thread(() => c.Kill());
        waiter.Start();
        Assert.Equal(WaitResult.Abandoned, mutex.Wait(ForeignProgram.Patience));
        waiter.Join();
        mutex.Release();
        Assert.Equal(WaitResult.Signaled, mutex.Wait(TimeSpan.Zero));
        mutex.Release();
    }

    [Fact]
    public void When_a_NET_owner_is_killed_C_is_told()
    {
        string name = Win32.NewName();
        using ForeignProgram c = ForeignProgram.Start("mutex");
        c.Do($"create {name} {0}");
        using ForeignProgram owner = ForeignProgram.StartOwner(name);
        Assert.Equal(Win32.TimedOut, c.Do($"wait {0}"));
        c.Begin($"wait {-1}");
        owner.Kill();
        Assert.Equal(Win32.Abandoned, c.End());
        c.Do($"release");
        Assert.Equal(Win32.Signaled, c.Do($"wait {0}"));
    }

    [Fact]
    public async Task A_lock_that_a_flow_holds_keeps_C_out_and_C_a_flow()
    {
        string name = Win32.NewName();
        using ForeignProgram c = ForeignProgram.Start("mutex");
        Assert.Equal("0", c.Do($"create {name} {1}"));
        using SharedLock held = SharedLock.Open(name);
        Task<WaitResult> wait = held.WaitAsync().AsTask();
        Assert.False(wait.IsCompleted);
        c.Do($"release");
        Assert.Equal(WaitResult.Signaled, await wait.WaitAsync(ForeignProgram.Patience));
        Assert.Equal(Win32.TimedOut, c.Do($"wait {0}"));
        Assert.Equal(Win32.NotOwner, c.Refused($"release"));
        c.Begin($"wait {-1}");
        held.Release();
        Assert.Equal(Win32.Signaled, c.End());
        wait = held.WaitAsync().AsTask();
        c.Kill();
        Assert.Equal(WaitResult.Abandoned, await wait.WaitAsync(ForeignProgram.Patience));
        held.Release();
    }

    [Fact]
    public void A_foreign_mutexs_name_is_refused_for_every_other_kind()
    {
        string name = Win32.NewName();
        using ForeignProgram c = ForeignProgram.Start("mutex"), other = ForeignProgram.Start("event");
        c.Do($"create {name} {0}");
        Win32.Refusal(FailureReason.WrongKind, () => SharedMemory.Open(name));
        Win32.Refusal(FailureReason.WrongKind, () => SharedEvent.CreateOrOpen(name, EventResetMode.AutoReset));
        Win32.Refusal(FailureReason.WrongKind, () => SharedSemaphore.Open(name));
        Assert.Equal(SharedObjectKind.Mutex, SharedObjects.Find(name)!.Kind);
        using SharedMemory section = SharedMemory.Create(name + "s", 4096);
        Assert.Equal(Win32.InvalidHandle, other.Refused($"create {name + "s"} {0} {0}"));
    }
}
