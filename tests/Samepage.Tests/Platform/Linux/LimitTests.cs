using System.Diagnostics;
using Samepage.Tests.Support;

namespace Samepage.Tests.Platform.Linux;

/// <summary>A full file system and the limits of a process: always an exception that says what is short, never a crash later.</summary>
public sealed class LimitTests
{
    [Fact]
    public void A_full_file_system_is_out_of_space_at_creation_and_at_commit()
    {
        string root = Scene.NewRoot();
        Assert.SkipUnless(Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", root), "Mounting a small file system takes an administrator.");
        try
        {
            Child.Do(FillsTheFileSystem, root: root);
        }
        finally
        {
            Run("umount", "-l", root);
        }
    }

    [Fact]
    public void A_file_system_without_files_left_is_out_of_space()
    {
        string root = Scene.NewRoot();
        Assert.SkipUnless(Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=8m,nr_inodes=12", "tmpfs", root), "Mounting a small file system takes an administrator.");
        try
        {
            Child.Do(UsesAllFiles, root: root);
        }
        finally
        {
            Run("umount", "-l", root);
        }
    }

    [Fact]
    public void The_limit_of_a_files_size_is_an_exception_and_no_signal() =>
        Child.Do(MeetsTheFileSizeLimit, root: Scene.NewRoot(), shell: "ulimit -f 100;",
            // The runtime's own large files of executable memory would meet the limit first.
            variables: "DOTNET_EnableWriteXorExecute=0");

    [Fact]
    public void The_limit_of_open_files_is_an_exception_and_what_is_open_goes_on() =>
        Child.Do(MeetsTheOpenFilesLimit, root: Scene.NewRoot(), shell: "ulimit -n 256;");

    [Fact]
    public void The_limit_of_pinned_memory_is_an_exception()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv"), "An administrator has no such limit; becoming another user takes one.");
        string root = Scene.NewRoot();
        File.SetUnixFileMode(root, UnixFileMode.StickyBit | (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(Samepage.Testing.Isolation.Root, (UnixFileMode)0b111_101_101);
        Child.Do(MeetsThePinLimit, root: root, shell: "ulimit -l 64;", prefix: "/usr/bin/setpriv --reuid 12345 --regid 12345 --clear-groups", variables: ["HOME=/tmp"]);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    [ChildPart]
    private static void FillsTheFileSystem()
    {
        SharedObjectException refused = Scene.Refusal(FailureReason.OutOfSpace, () => SharedMemory.Create("large", 4 << 20));
        Assert.Equal("large", refused.ObjectName);
        Assert.Contains("4,194,304", refused.Message, StringComparison.Ordinal);
        Scene.Refusal(FailureReason.OutOfSpace, () => SharedMemory.Create("huge", 1L << 40));
        Assert.Empty(SharedObjects.List());

        using SharedMemory reserved = SharedMemory.Create("reserved", 64 << 20, new SharedMemoryOptions { Reserve = true, InitialCommit = 65536 });
        using MemoryView view = reserved.Map();
        Assert.Equal("reserved", Scene.Refusal(FailureReason.OutOfSpace, () => reserved.Commit(32 << 20)).ObjectName);
        Assert.Equal(65536, reserved.CommittedSize);
        Scene.Refusal(FailureReason.OutOfRange, () => view.GetSpan(65536, 1));

        // A range in the middle: all of it or nothing.
        using (SharedMemory lanes = SharedMemory.Create("lanes", 64 << 20, new SharedMemoryOptions { Reserve = true }))
        {
            lanes.CommitRange(16 << 20, 65536);
            using MemoryView ring = lanes.MapMirroredReserved(16 << 20, 1 << 20);
            ring.GetSpan(0, 65536).Fill(7);
            long before = lanes.Info.ResidentBytes;
            refused = Scene.Refusal(FailureReason.OutOfSpace, () => lanes.CommitRange(16 << 20, 8 << 20));
            Assert.Equal(("lanes", "fallocate"), (refused.ObjectName, refused.SystemCall));
            Assert.Equal(before, lanes.Info.ResidentBytes);
            Assert.Equal(-1, ring.GetSpan(0, 65536).IndexOfAnyExcept((byte)7));
            lanes.CommitRange(16 << 20, 2 * 65536);
            Assert.Equal(before + 65536, lanes.Info.ResidentBytes);
            Assert.Equal((0, 7), (ring.Span[65536], ring.Span[(1 << 20) + 65535]));
        }

        // Sections until nothing is left: every byte that was promised can be written.
        var sections = new List<(SharedMemory Section, MemoryView View)>();
        Scene.Refusal(FailureReason.OutOfSpace, () =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                SharedMemory section = SharedMemory.Create($"s{i}", 100_000);
                sections.Add((section, section.Map()));
            }
        });
        Assert.NotEmpty(sections);
        foreach ((_, MemoryView each) in sections)
            each.Span.Fill(1);
        view.Span.Fill(1);

        // Locks until nothing is left, each of which works.
        var mutexes = new List<SharedMutex>();
        SharedObjectException full = Scene.Refusal(FailureReason.OutOfSpace, () =>
        {
            for (int i = 0; i < 10_000; i++)
                mutexes.Add(SharedMutex.Create($"m{i}", initiallyOwned: true));
        });
        Assert.StartsWith("m", full.ObjectName, StringComparison.Ordinal);
        foreach (SharedMutex mutex in mutexes)
            mutex.Release();

        // A spare megabyte makes room again.
        foreach ((SharedMemory section, MemoryView each) in sections)
        {
            section.Dispose();
            each.Dispose();
        }
        SharedMemory.Create("again", 100_000).Dispose();
    }

    [ChildPart]
    private static void UsesAllFiles()
    {
        var events = new List<SharedEvent>();
        SharedObjectException full = Scene.Refusal(FailureReason.OutOfSpace, () =>
        {
            for (int i = 0; i < 100; i++)
                events.Add(SharedEvent.Create($"e{i}", EventResetMode.AutoReset));
        });
        Assert.Equal($"e{events.Count}", full.ObjectName);
        UseAndDisposeTheFirst(events);
        // What was waited on stays mapped until it is collected, so that no thread is left without the memory under it.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        SharedEvent.Create("one", EventResetMode.AutoReset).Dispose();
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void UseAndDisposeTheFirst(List<SharedEvent> events)
    {
        events[0].Set();
        Assert.Equal(WaitResult.Signaled, events[0].Wait());
        events[0].Dispose();
        events.RemoveAt(0);
    }

    [ChildPart]
    private static void MeetsTheFileSizeLimit()
    {
        SharedObjectException refused = Scene.Refusal(FailureReason.OutOfSpace, () => SharedMemory.Create("x", 1 << 20));
        Assert.Contains("ulimit -f", refused.Message, StringComparison.Ordinal);
        Scene.Refusal(FailureReason.OutOfSpace, () => SharedMemory.CreateAnonymous(1 << 20));
        Scene.Refusal(FailureReason.OutOfSpace, () => SharedMemory.Create("x", 1 << 20, new SharedMemoryOptions { Reserve = true }));
        string path = Path.Combine(Path.GetTempPath(), $"samepage-{Guid.NewGuid():N}");
        File.WriteAllBytes(path, new byte[100]);
        try
        {
            Scene.Refusal(FailureReason.OutOfSpace, () => SharedMemory.CreateFromFile(path, null, 1 << 20));
            Assert.Equal(100, new FileInfo(path).Length);
        }
        finally
        {
            File.Delete(path);
        }
        using SharedMemory small = SharedMemory.Create("x", 1024);
        using SharedMutex mutex = SharedMutex.Create("m");
        Assert.Equal(WaitResult.Signaled, mutex.Wait());
    }

    [ChildPart]
    private static void MeetsTheOpenFilesLimit()
    {
        using SharedMutex mutex = SharedMutex.Create("m");
        var sections = new List<SharedMemory>();
        // What the runtime loads for a failure is loaded while there are files left for it.
        Scene.Refusal(FailureReason.NotFound, () => SharedMemory.Open("s"));
        Scene.Refusal(FailureReason.AlreadyExists, () => SharedMutex.Create("m"));
        SharedMemory.CreateAnonymous(1024).Dispose();
        Assert.Contains("x", "xy", StringComparison.Ordinal);
        try
        {
            MeetTheLimit(mutex, sections);
        }
        finally
        {
            sections.ForEach(s => s.Dispose());
        }
    }

    private static void MeetTheLimit(SharedMutex mutex, List<SharedMemory> sections)
    {
        SharedObjectException refused = Scene.Refusal(FailureReason.OutOfSpace, () =>
        {
            for (int i = 0; i < 1_000; i++)
                sections.Add(SharedMemory.Create($"s{i}", 1024));
        });
        Assert.Equal($"s{sections.Count}", refused.ObjectName);
        Assert.Contains("ulimit -n", refused.Message, StringComparison.Ordinal);
        Scene.Refusal(FailureReason.OutOfSpace, () => SharedMemory.Open("s0"));
        Scene.Refusal(FailureReason.OutOfSpace, () => SharedMemory.CreateAnonymous(1024));
        Scene.Refusal(FailureReason.OutOfSpace, () => SharedEvent.CreateOrOpen("e", EventResetMode.AutoReset));
        Assert.True(mutex.Wait() == WaitResult.Signaled);
        mutex.Release();
        using (MemoryView view = sections[0].Map())
            view.Span.Fill(1);
        sections[0].Dispose();
        SharedEvent.CreateOrOpen("e", EventResetMode.AutoReset).Dispose();
    }

    [ChildPart]
    private static void MeetsThePinLimit()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(1 << 20);
        using MemoryView view = section.Map();
        Assert.Contains("ulimit -l", Scene.Refusal(FailureReason.OutOfSpace, () => view.Lock(0, 1 << 20)).Message, StringComparison.Ordinal);
        view.Span.Fill(1);
    }
}
