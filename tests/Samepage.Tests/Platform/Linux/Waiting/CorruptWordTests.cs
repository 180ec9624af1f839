using Samepage.Layout;
using Samepage.Tests.Support;

namespace Samepage.Tests.Platform.Linux.Waiting;

/// <summary>Words that no code of this library writes: each operation says so, and no wait hangs on them.</summary>
public sealed class CorruptWordTests
{
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(20);

    private static void Overwrite(string name, int offset, uint value)
    {
        using FileStream file = new(Scene.PathOf(name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = offset;
        file.Write(BitConverter.GetBytes(value));
    }

    [Theory]
    [InlineData(EventResetMode.AutoReset, 1u, 0u)]
    [InlineData(EventResetMode.AutoReset, 0x3FFF_FFFFu, 0u)]
    [InlineData(EventResetMode.AutoReset, 0u, 1u)]
    [InlineData(EventResetMode.ManualReset, 0u, 1u)]
    [InlineData(EventResetMode.ManualReset, 0u, 0x7FFF_FFFFu)]
    public void An_events_words_that_cannot_be_are_corrupt(EventResetMode mode, uint word, uint secondHalf)
    {
        string name = Scene.NewName();
        using SharedEvent signal = SharedEvent.Create(name, mode);
        Overwrite(name, StateBlock.WaitWordOffset, word);
        Overwrite(name, StateBlock.SecondHalfOffset, secondHalf);
        foreach (Action action in new Action[]
                 { signal.Set, signal.Reset, () => signal.Wait(TimeSpan.Zero), () => signal.Wait(_short), () => signal.Wait() })
        {
            SharedObjectException refused = Scene.Refusal(FailureReason.Corrupt, action);
            Assert.Equal((name, SharedObjectKind.Event), (refused.ObjectName, refused.ObjectKind));
            Assert.Contains($"{(word == 0 ? secondHalf : word):X8}", refused.Message, StringComparison.Ordinal);
        }
        // Put right, it works again: nothing was changed meanwhile.
        Overwrite(name, StateBlock.WaitWordOffset, 0);
        Overwrite(name, StateBlock.SecondHalfOffset, 0);
        signal.Set();
        Assert.Equal(WaitResult.Signaled, signal.Wait(TimeSpan.Zero));
    }

    [Theory]
    [InlineData(1u, 0u)]
    [InlineData(0x8000_0000u, 1u)]
    [InlineData(0u, 1u)]
    [InlineData(0x4000_0000u, 6u)]
    [InlineData(0x4000_0000u, 0xFFFF_FFFFu)]
    [InlineData(0x4000_0005u, 1u)]
    public void A_semaphores_words_that_cannot_be_are_corrupt(uint word, uint count)
    {
        string name = Scene.NewName();
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 0, 5);
        Overwrite(name, StateBlock.WaitWordOffset, word);
        Overwrite(name, StateBlock.SecondHalfOffset, count);
        foreach (Action action in new Action[] { () => semaphore.Release(), () => semaphore.Wait(TimeSpan.Zero), () => semaphore.Wait() })
        {
            SharedObjectException refused = Scene.Refusal(FailureReason.Corrupt, action);
            Assert.Equal((name, SharedObjectKind.Semaphore), (refused.ObjectName, refused.ObjectKind));
        }
        Overwrite(name, StateBlock.WaitWordOffset, 0);
        Overwrite(name, StateBlock.SecondHalfOffset, 0);
        Assert.Equal(0, semaphore.Release(5));
    }

    [Fact]
    public void A_word_that_is_spoiled_under_a_sleeper_ends_its_wait_at_the_next_signal()
    {
        string name = Scene.NewName();
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        var waiter = new WaitingThread(() => signal.Wait(TimeSpan.FromSeconds(30)));
        waiter.AssertAsleep();
        Overwrite(name, StateBlock.WaitWordOffset, 0x8000_0007);
        Scene.Refusal(FailureReason.Corrupt, signal.Set);
        Overwrite(name, StateBlock.WaitWordOffset, SignalWord.Waiters);
        signal.Set();
        Assert.Null(waiter.End());
    }

    [Theory]
    [InlineData(0x3FFF_FFFFu)]
    [InlineData(0xBFFF_FFFFu)]
    [InlineData(0x7FFF_FFFFu)]
    [InlineData(1u)]
    public void A_mutex_whose_word_names_a_stranger_times_out_and_is_cancelled_as_any_other(uint word)
    {
        string name = Scene.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        Overwrite(name, StateBlock.WaitWordOffset, word);
        Assert.Equal(WaitResult.TimedOut, mutex.Wait(TimeSpan.Zero));
        Assert.Equal(WaitResult.TimedOut, mutex.Wait(_short));
        using var cancellation = new CancellationTokenSource(_short);
        Assert.Throws<OperationCanceledException>(() => mutex.Wait(cancellation.Token));
        Assert.Throws<InvalidOperationException>(mutex.Release);
        Overwrite(name, StateBlock.WaitWordOffset, 0);
        Assert.Equal(WaitResult.Signaled, mutex.Wait(_short));
        mutex.Release();
    }

    [Fact]
    public void A_mutex_whose_word_is_spoiled_while_it_is_owned_is_free_after_its_release()
    {
        string name = Scene.NewName();
        using SharedMutex mutex = SharedMutex.Create(name, initiallyOwned: true);
        foreach (uint word in new[] { 0u, 0x3FFF_FFFFu, 0x8000_0001u, 0x4000_0000u })
        {
            Overwrite(name, StateBlock.WaitWordOffset, word);
            mutex.Release();
            Assert.NotEqual(WaitResult.TimedOut, mutex.Wait(_short));
        }
        mutex.Release();
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(0x8000_0000u)]
    [InlineData(0xFFFF_FFFFu)]
    public void A_semaphores_maximum_that_cannot_be_is_corrupt_and_leaves_no_handle_behind(uint maximum)
    {
        string name = Scene.NewName();
        byte[] content;
        using (SharedSemaphore.Create(name, 0, 5))
            content = Scene.FileOf(name);
        BitConverter.GetBytes(maximum).CopyTo(content, StateBlock.MaximumOffset);
        using (new ForgedObject(name, content))
        {
            Scene.Refusal(FailureReason.Corrupt, () => SharedSemaphore.Open(name));
            Scene.Refusal(FailureReason.Corrupt, () => SharedSemaphore.CreateOrOpen(name, 0, 1));
        }
        Assert.False(OpenFiles.Any(name), "The refused handle is still open.");
    }

    [Theory]
    [InlineData(0xFFu)]
    [InlineData(251u)]
    [InlineData(0x0000_0102u)]
    [InlineData(0xFFFF_FF05u)]
    public void A_locks_word_that_names_nobody_who_could_be_is_corrupt(uint word)
    {
        string name = Scene.NewName();
        using SharedLock one = SharedLock.Create(name);
        Overwrite(name, StateBlock.WaitWordOffset, word);
        foreach (Action action in new Action[] { () => one.Wait(TimeSpan.Zero), () => one.Wait(_short), () => one.Wait(), () => SharedWait.Any([one]) })
        {
            SharedObjectException refused = Scene.Refusal(FailureReason.Corrupt, action);
            Assert.Equal((name, SharedObjectKind.Lock), (refused.ObjectName, refused.ObjectKind));
        }
        Assert.Throws<InvalidOperationException>(one.Release);
        Overwrite(name, StateBlock.WaitWordOffset, 0);
        Assert.Equal(WaitResult.Signaled, one.Wait(TimeSpan.Zero));
        one.Release();
    }

    [Fact]
    public void A_locks_word_that_names_a_process_that_never_was_is_that_of_one_who_died()
    {
        string name = Scene.NewName();
        using SharedLock one = SharedLock.Create(name);
        Overwrite(name, StateBlock.LockPlacesOffset + (7 * LockPlace.Length), 0x1234_5678);
        Overwrite(name, StateBlock.WaitWordOffset, LockWord.Waiters | 8);
        Assert.True(one.Info.State!.IsAbandoned);
        Assert.Equal(WaitResult.Abandoned, one.Wait(TimeSpan.Zero));
        one.Release();
        Assert.Equal(WaitResult.Signaled, one.Wait(TimeSpan.Zero));
        one.Release();
    }

    [Fact]
    public void A_locks_word_that_names_this_process_which_does_not_hold_it_times_out_and_is_cancelled_as_any_other()
    {
        string name = Scene.NewName();
        using SharedLock one = SharedLock.Create(name);
        one.Wait();
        one.Release();
        Overwrite(name, StateBlock.WaitWordOffset, 1);
        Assert.Equal(WaitResult.TimedOut, one.Wait(TimeSpan.Zero));
        Assert.Equal(WaitResult.TimedOut, one.Wait(_short));
        using var cancellation = new CancellationTokenSource(_short);
        Assert.Throws<OperationCanceledException>(() => one.Wait(cancellation.Token));
        Assert.Throws<InvalidOperationException>(one.Release);
        foreach (uint word in new[] { 0u, 0x101u, 0x200u, 0x1FFu, 0xFFFF_FFFFu })
        {
            Overwrite(name, StateBlock.WaitWordOffset, 0);
            Assert.NotEqual(WaitResult.TimedOut, one.Wait(TimeSpan.Zero));
            Overwrite(name, StateBlock.WaitWordOffset, word);
            one.Release();
            Assert.NotEqual(WaitResult.TimedOut, one.Wait(TimeSpan.Zero));
            one.Release();
        }
    }

    [Fact]
    public void A_reader_writer_lock_that_claims_too_many_places_is_corrupt()
    {
        string name = Scene.NewName();
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(name);
        int places = (int)SegmentHeader.PayloadOffsetOfEveryPageSize + 4;
        foreach (uint count in new[] { 4097u, 0xFFFF_FFFFu })
        {
            Overwrite(name, places, count);
            SharedObjectException refused = Scene.Refusal(FailureReason.Corrupt, () => one.EnterWrite());
            Assert.Equal((name, SharedObjectKind.ReaderWriterLock), (refused.ObjectName, refused.ObjectKind));
            Scene.Refusal(FailureReason.Corrupt, () => one.EnterRead());
        }
        // Places where nobody ever stood are empty.
        Overwrite(name, places, 100);
        Assert.Equal(WaitResult.Signaled, one.EnterWrite());
        one.ExitWrite();
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(245u)]
    [InlineData(0xFFFF_FFFFu)]
    public void A_reader_writer_lock_that_claims_an_access_it_cannot_have_is_corrupt(uint access)
    {
        string name = Scene.NewName();
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(name);
        Overwrite(name, (int)SegmentHeader.PayloadOffsetOfEveryPageSize + 8, access);
        foreach (Action action in new Action[] { () => one.EnterRead(), () => SharedReaderWriterLock.Open(name).Dispose() })
        {
            SharedObjectException refused = Scene.Refusal(FailureReason.Corrupt, action);
            Assert.Equal((name, SharedObjectKind.ReaderWriterLock), (refused.ObjectName, refused.ObjectKind));
        }
    }
}
