using Samepage.Tests.Support;

namespace Samepage.Tests.Memory;

/// <summary>What runs often allocates nothing.</summary>
public sealed class AllocationTests
{
    private static void AllocatesNothing(Action action)
    {
        for (int i = 0; i < 100; i++)
            action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
            action();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Taking_and_releasing_a_mutex_allocates_nothing()
    {
        using SharedMutex mutex = SharedMutex.Create(Scene.NewName());
        AllocatesNothing(() =>
        {
            mutex.Wait();
            mutex.Wait(TimeSpan.Zero);
            mutex.Release();
            mutex.Release();
            using (mutex.EnterScope())
            {
            }
        });
    }

    [Fact]
    public void Setting_resetting_and_waiting_for_an_event_allocates_nothing()
    {
        using SharedEvent auto = SharedEvent.Create(Scene.NewName(), EventResetMode.AutoReset);
        using SharedEvent manual = SharedEvent.Create(Scene.NewName(), EventResetMode.ManualReset);
        AllocatesNothing(() =>
        {
            auto.Set();
            auto.Wait();
            auto.Wait(TimeSpan.Zero);
            manual.Set();
            manual.Wait();
            manual.Reset();
        });
    }

    [Fact]
    public void Releasing_and_taking_a_semaphore_allocates_nothing()
    {
        using SharedSemaphore semaphore = SharedSemaphore.Create(Scene.NewName(), 0, 10);
        AllocatesNothing(() =>
        {
            semaphore.Release(2);
            semaphore.Wait();
            semaphore.Wait(TimeSpan.FromSeconds(1));
            semaphore.Wait(TimeSpan.Zero);
        });
    }

    [Fact]
    public void A_wait_that_sleeps_allocates_nothing()
    {
        using SharedEvent signal = SharedEvent.Create(Scene.NewName(), EventResetMode.AutoReset);
        using SharedMutex mutex = SharedMutex.Create(Scene.NewName());
        var holder = new Thread(() => mutex.Wait());
        for (int i = 0; i < 50; i++)
            signal.Wait(TimeSpan.FromTicks(1));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++)
            signal.Wait(TimeSpan.FromTicks(1_000));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        holder.Start();
        holder.Join();
        Assert.Equal(WaitResult.Abandoned, mutex.Wait());
        mutex.Release();
    }

    [Fact]
    public void Spans_and_references_of_a_view_allocate_nothing()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(4096);
        using MemoryView view = section.Map();
        using SharedMemory reserved = SharedMemory.CreateAnonymous(1 << 20, new SharedMemoryOptions { Reserve = true, InitialCommit = 4096 });
        using MemoryView growing = reserved.Map();
        long sum = 0;
        AllocatesNothing(() =>
        {
            view.Span[1] = 2;
            sum += view.ReadOnlySpan[1] + view.GetSpan(0, 10)[1] + view.GetReadOnlySpan<int>(0, 4)[0];
            view.GetReference<long>(8)++;
            sum += view.GetReadOnlyReference<long>(8);
            growing.Span[0] = 1;
            sum += growing.GetReadOnlySpan(0, 4096)[0];
        });
        Assert.True(sum > 0);
    }
}
