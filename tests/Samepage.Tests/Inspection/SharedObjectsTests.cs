using System.Globalization;
using Samepage.Tests.Support;

namespace Samepage.Tests.Inspection;

public sealed class SharedObjectsTests
{
    [Fact]
    public void Holders_are_the_processes_that_have_it_open()
    {
        string name = Scene.NewName();
        using SharedMemory section = SharedMemory.Create(name, 4096);
        Assert.Null(SharedObjects.Find(name)!.Holders);
        SharedObjectHolder holder = Assert.Single(SharedObjects.Find(name, withHolders: true)!.Holders!);
        Assert.Equal(Environment.ProcessId, holder.ProcessId);
        Assert.Contains("Samepage.Tests", holder.Program, StringComparison.Ordinal);
        Assert.Equal(Environment.ProcessId, Assert.Single(SharedObjects.List(withHolders: true), o => o.Name == name).Holders![0].ProcessId);
    }

    [Fact]
    public void Who_has_the_file_open_without_its_lock_is_no_holder()
    {
        string name = Scene.NewName();
        using SharedMemory section = SharedMemory.Create(name, 4096);
        Child.Do(OpensTheFile, [name, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]);
    }

    [Fact]
    public void The_owner_of_a_mutex_is_shown_with_its_process()
    {
        string name = Scene.NewName();
        using SharedMutex mutex = SharedMutex.Create(name, initiallyOwned: true);
        SharedObjectState state = SharedObjects.Find(name)!.State!;
        Assert.Equal((false, Environment.ProcessId), (state.IsSignaled, state.OwnerProcessId));
        Assert.NotEqual(0, state.OwnerThreadId);
        mutex.Release();
        var thread = new Thread(() => mutex.Wait());
        thread.Start();
        thread.Join();
        // The kernel marks it when the thread has ended, which is not before but may be just after Join.
        Assert.True(SpinWait.SpinUntil(() => SharedObjects.Find(name)!.State!.IsAbandoned, TimeSpan.FromSeconds(30)));
        Assert.Equal(WaitResult.Abandoned, mutex.Wait());
        Assert.False(SharedObjects.Find(name)!.State!.IsAbandoned);
        mutex.Release();
    }

    [Fact]
    public void Looking_holds_nothing_open()
    {
        string name = Scene.NewName();
        using (SharedMemory.Create(name, 4096))
        {
            int before = Count(name);
            for (int i = 0; i < 100; i++)
            {
                _ = SharedObjects.Find(name, withHolders: i % 10 == 0);
                _ = SharedMemory.Exists(name);
            }
            Assert.Equal(before, Count(name));
        }
        Assert.Equal(0, Count(name));
    }

    [Fact]
    public void A_diagnosis_looks_at_everything_and_finds_this_machine_usable()
    {
        IReadOnlyList<Finding> findings = SharedObjects.Diagnose();
        Assert.True(findings.Count >= 10);
        Assert.All(findings, f => Assert.False(string.IsNullOrWhiteSpace(f.Subject) || string.IsNullOrWhiteSpace(f.Observation)));
        Assert.All(findings.Where(f => f.Severity == FindingSeverity.Problem), f => Assert.False(string.IsNullOrWhiteSpace(f.Remedy)));
        Assert.Equal(findings.Count, findings.Select(f => f.Subject).Distinct().Count());
    }

    [Fact]
    public void Failed_operations_leave_no_file_open()
    {
        string name = Scene.NewName();
        using SharedMemory section = SharedMemory.Create(name, 4096, new SharedMemoryOptions { Protection = MemoryAccess.Read });
        int before = Count(name);
        for (int i = 0; i < 20; i++)
        {
            Assert.Throws<SharedObjectException>(() => SharedMemory.Open(name));
            Assert.Throws<SharedObjectException>(() => SharedMemory.Create(name, 4096));
            Assert.Throws<SharedObjectException>(() => SharedMutex.Open(name));
            Assert.Throws<SharedObjectException>(() => SharedMutex.CreateOrOpen(name, out _, initiallyOwned: true));
            Assert.Throws<SharedObjectException>(() => SharedSemaphore.CreateOrOpen(name, 0, 1));
        }
        Assert.Equal(before, Count(name));
    }

    [ChildPart]
    private static void OpensTheFile(string name, string holder)
    {
        string path = Directory.GetFiles(Environment.GetEnvironmentVariable("SAMEPAGE_ROOT")!, name, SearchOption.AllDirectories).Single();
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Assert.Equal(holder, $"{Assert.Single(SharedObjects.Find(name, withHolders: true)!.Holders!).ProcessId}");
        using SharedMemory section = SharedMemory.Open(name);
        Assert.Equal(2, SharedObjects.Find(name, withHolders: true)!.Holders!.Count);
    }

    private static int Count(string name) => Directory.GetFiles($"/proc/{Environment.ProcessId}/fd")
        .Count(link => (new FileInfo(link).LinkTarget ?? "").Contains(name, StringComparison.Ordinal));
}
