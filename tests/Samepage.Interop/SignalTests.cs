namespace Samepage.Interop;

/// <summary>Events and semaphores shared with a Win32 program.</summary>
public sealed class SignalTests
{
    [Theory]
    [InlineData(EventResetMode.AutoReset)]
    [InlineData(EventResetMode.ManualReset)]
    public void An_event_made_in_C_is_used_here(EventResetMode mode)
    {
        string name = Win32.NewName();
        bool manual = mode == EventResetMode.ManualReset;
        using ForeignProgram c = ForeignProgram.Start("event");
        c.Do($"create {name} {(manual ? 1 : 0)} {1}");
        using SharedEvent signal = SharedEvent.Open(name);
        Assert.Equal(mode, signal.Mode);
        Assert.True(signal.Info.State!.IsSignaled);
        Assert.Equal(WaitResult.Signaled, signal.Wait(TimeSpan.Zero));
        Assert.Equal(manual ? WaitResult.Signaled : WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
        signal.Reset();
        Assert.Equal(Win32.TimedOut, c.Do($"wait {0}"));
        c.Begin($"wait {-1}");
        signal.Set();
        Assert.Equal(Win32.Signaled, c.End());
    }

    [Theory]
    [InlineData(EventResetMode.AutoReset)]
    [InlineData(EventResetMode.ManualReset)]
    public void An_event_made_here_is_used_in_C(EventResetMode mode)
    {
        string name = Win32.NewName();
        using SharedEvent signal = SharedEvent.Create(name, mode);
        using ForeignProgram c = ForeignProgram.Start("event");
        c.Do($"open {name}");
        Assert.Equal(Win32.TimedOut, c.Do($"wait {0}"));
        c.Do($"set");
        Assert.Equal(WaitResult.Signaled, signal.Wait(ForeignProgram.Patience));
        Assert.Equal(mode == EventResetMode.ManualReset ? Win32.Signaled : Win32.TimedOut, c.Do($"wait {0}"));
        c.Do($"reset");
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void A_semaphore_made_in_C_is_used_here()
    {
        string name = Win32.NewName();
        using ForeignProgram c = ForeignProgram.Start("semaphore");
        c.Do($"create {name} {1} {3}");
        using SharedSemaphore semaphore = SharedSemaphore.Open(name);
        Assert.Equal((3, 1), (semaphore.MaximumCount, semaphore.Info.State!.Count));
        Assert.Equal(WaitResult.Signaled, semaphore.Wait(TimeSpan.Zero));
        Assert.Equal(Win32.TimedOut, c.Do($"wait {0}"));
        c.Begin($"wait {-1}");
        Assert.Equal(0, semaphore.Release());
        Assert.Equal(Win32.Signaled, c.End());
        Win32.Refusal(FailureReason.LimitReached, () => semaphore.Release(4));
        Assert.Equal("0", c.Do($"release {3}"));
        Assert.Equal(3, semaphore.Info.State!.Count);
    }

    [Fact]
    public void A_semaphore_made_here_is_used_in_C()
    {
        string name = Win32.NewName();
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 0, 2);
        using ForeignProgram c = ForeignProgram.Start("semaphore");
        c.Do($"open {name}");
        Assert.Equal(Win32.TimedOut, c.Do($"wait {0}"));
        Assert.Equal("0", c.Do($"release {1}"));
        Assert.Equal("1", c.Do($"release {1}"));
        Assert.Equal(Win32.TooManyPosts, c.Refused($"release {1}"));
        Assert.Equal(WaitResult.Signaled, semaphore.Wait(TimeSpan.Zero));
        Assert.Equal(WaitResult.Signaled, semaphore.Wait(TimeSpan.Zero));
        Assert.Equal(WaitResult.TimedOut, semaphore.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void Looking_at_a_foreign_object_takes_no_signal()
    {
        string name = Win32.NewName();
        using ForeignProgram c = ForeignProgram.Start("event"), d = ForeignProgram.Start("semaphore");
        c.Do($"create {name} {0} {1}");
        d.Do($"create {name + "s"} {1} {1}");
        for (int i = 0; i < 3; i++)
        {
            Assert.True(SharedObjects.Find(name)!.State!.IsSignaled);
            Assert.Equal(1, SharedObjects.Find(name + "s")!.State!.Count);
            Assert.Equal(2, SharedObjects.List().Count(o => o.Name == name || o.Name == name + "s"));
        }
        Assert.Equal(Win32.Signaled, c.Do($"wait {0}"));
        Assert.Equal(Win32.Signaled, d.Do($"wait {0}"));
    }
}
