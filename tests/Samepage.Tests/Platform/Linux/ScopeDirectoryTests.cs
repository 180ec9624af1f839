using Samepage.Platform.Linux;
using Samepage.Tests.Support;

namespace Samepage.Tests.Platform.Linux;

/// <summary>The directory under the objects: hostile, missing, removed. Each in a process that has it for its own.</summary>
public sealed class ScopeDirectoryTests
{
    private static string Local(string root) => Path.Combine(root, Path.GetFileName(ScopeDirectory.PathOf(SharedObjectScope.Local)));

    [Fact]
    public void A_directory_that_others_can_reach_into_is_refused()
    {
        string root = Scene.NewRoot();
        Directory.CreateDirectory(Local(root), (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(Local(root), (UnixFileMode)0b111_101_101);
        Child.Do(RefusesLocal, ["0700"], root);
        File.SetUnixFileMode(Local(root), (UnixFileMode)0b111_000_000);
        Child.Do(Works, root: root);
    }

    [Fact]
    public void A_link_in_the_directorys_place_is_refused()
    {
        string root = Scene.NewRoot();
        string elsewhere = Directory.CreateDirectory(Path.Combine(root, "elsewhere"), (UnixFileMode)0b111_000_000).FullName;
        Directory.CreateSymbolicLink(Local(root), elsewhere);
        Child.Do(RefusesLocal, ["link"], root);
        Assert.Empty(Directory.GetFileSystemEntries(elsewhere));
    }

    [Fact]
    public void A_file_in_the_directorys_place_is_refused_and_left()
    {
        string root = Scene.NewRoot();
        File.WriteAllText(Local(root), "a file");
        Child.Do(RefusesLocal, ["file"], root);
        Assert.Equal("a file", File.ReadAllText(Local(root)));
    }

    [Fact]
    public void A_directory_of_another_user_is_refused()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Giving a directory away takes an administrator.");
        string root = Scene.NewRoot();
        Directory.CreateDirectory(Local(root), (UnixFileMode)0b111_000_000);
        using (var process = System.Diagnostics.Process.Start("chown", ["12345", Local(root)]))
            process.WaitForExit();
        Child.Do(RefusesLocal, ["12345"], root);
    }

    [Fact]
    public void A_global_directory_without_the_sticky_bit_is_refused()
    {
        string root = Scene.NewRoot();
        string global = Path.Combine(root, "samepage");
        Directory.CreateDirectory(global);
        File.SetUnixFileMode(global, (UnixFileMode)0b111_111_111);
        Child.Do(RefusesGlobal, root: root);
        File.SetUnixFileMode(global, UnixFileMode.StickyBit | (UnixFileMode)0b111_111_111);
        Child.Do(WorksGlobally, root: root);
    }

    [Fact]
    public void Without_a_root_there_is_a_message_and_no_stand_in()
    {
        string root = Path.Combine(Scene.NewRoot(), "missing");
        Child.Do(RefusesWithoutRoot, root: root);
        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public void Both_directories_are_made_with_the_right_modes_whatever_the_umask()
    {
        foreach (string mask in new[] { "0", "077", "0777" })
        {
            string root = Scene.NewRoot();
            Child.Do(Works, root: root, shell: $"umask {mask};");
            Child.Do(WorksGlobally, root: root, shell: $"umask {mask};");
            Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(Local(root)));
            Assert.Equal(UnixFileMode.StickyBit | (UnixFileMode)0b111_111_111, File.GetUnixFileMode(Path.Combine(root, "samepage")));
            Assert.Equal(2, Directory.GetFileSystemEntries(root).Length);
        }
    }

    [Fact]
    public void A_directory_that_was_removed_is_made_again_when_it_is_needed() => Child.Do(SurvivesRemoval, root: Scene.NewRoot());

    [Fact]
    public void Looking_makes_no_directory()
    {
        string root = Scene.NewRoot();
        Child.Do(Looks, root: root);
        Assert.Empty(Directory.GetFileSystemEntries(root));
    }

    [Fact]
    public void Another_user_is_refused_what_was_not_opened_to_it()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv"), "Becoming another user takes an administrator and setpriv.");
        string root = Scene.NewRoot();
        File.SetUnixFileMode(root, UnixFileMode.StickyBit | (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(Samepage.Testing.Isolation.Root, (UnixFileMode)0b111_101_101);
        Child.Do(SharesWithAnotherUser, [root], root);
    }

    [ChildPart]
    private static void RefusesLocal(string word)
    {
        foreach (Action action in new Action[]
                 {
                     () => SharedMemory.Create("x", 4096).Dispose(), () => SharedMemory.Open("x").Dispose(), () => SharedMutex.CreateOrOpen("x").Dispose(),
                     () => SharedObjects.Find("x"), () => SharedObjects.List(), () => SharedObjects.FindOrphans(),
                 })
        {
            SharedObjectException refused = Scene.Refusal(FailureReason.AccessDenied, action);
            Assert.Contains(word, refused.Message, StringComparison.Ordinal);
            Assert.Contains(ScopeDirectory.PathOf(SharedObjectScope.Local), refused.Message, StringComparison.Ordinal);
        }
        Assert.Contains(SharedObjects.Diagnose(), f => f.Severity == FindingSeverity.Problem && f.Observation.Contains(word, StringComparison.Ordinal));
        // What has no name needs no directory.
        using SharedMemory anonymous = SharedMemory.CreateAnonymous(4096);
    }

    [ChildPart]
    private static void RefusesGlobal()
    {
        Assert.Contains("1777", Scene.Refusal(FailureReason.AccessDenied, () => SharedMutex.CreateOrOpen(@"Global\x").Dispose()).Message, StringComparison.Ordinal);
        using SharedMutex local = SharedMutex.CreateOrOpen("x");
    }

    [ChildPart]
    private static void RefusesWithoutRoot()
    {
        SharedObjectException refused = Scene.Refusal(FailureReason.NotSupported, () => SharedMutex.CreateOrOpen("x").Dispose());
        Assert.Contains(ScopeDirectory.RootVariable, refused.Message, StringComparison.Ordinal);
        Scene.Refusal(FailureReason.NotSupported, () => SharedMemory.Create(@"Global\x", 4096).Dispose());
        Assert.False(SharedMutex.TryOpen("x", out _));
        Assert.Empty(SharedObjects.List());
        Assert.Contains(SharedObjects.Diagnose(), f => f.Severity == FindingSeverity.Problem);
    }

    [ChildPart]
    private static void Works()
    {
        using SharedMutex mutex = SharedMutex.Create("x");
        Assert.Equal(WaitResult.Signaled, mutex.Wait());
        mutex.Release();
    }

    [ChildPart]
    private static void WorksGlobally()
    {
        using SharedSemaphore semaphore = SharedSemaphore.Create(@"Global\x", 1, 1);
        Assert.Equal(WaitResult.Signaled, semaphore.Wait());
    }

    [ChildPart]
    private static void SurvivesRemoval()
    {
        using (SharedMutex.Create("x"))
        {
        }
        string path = ScopeDirectory.PathOf(SharedObjectScope.Local);
        Directory.Delete(path, recursive: true);
        Assert.Empty(SharedObjects.List());
        Assert.Empty(SharedObjects.FindOrphans());
        Assert.Null(SharedObjects.Find("x"));
        Assert.False(SharedMutex.TryOpen("x", out _));
        using SharedMutex mutex = SharedMutex.Create("x");
        using SharedMutex same = SharedMutex.Open("x");
        Assert.Single(SharedObjects.List());
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(path));
        // A root that is gone altogether.
        Directory.Delete(ScopeDirectory.Root, recursive: true);
        Assert.Empty(SharedObjects.List());
        Scene.Refusal(FailureReason.NotSupported, () => SharedMutex.Create("y"));
        Assert.Equal(WaitResult.Signaled, mutex.Wait());
    }

    [ChildPart]
    private static void Looks()
    {
        Assert.Empty(SharedObjects.List());
        Assert.Empty(SharedObjects.FindOrphans());
        Assert.Empty(SharedObjects.RemoveOrphans());
        Assert.Null(SharedObjects.Find("x"));
        Assert.Null(SharedObjects.Find(@"Global\x"));
        Assert.False(SharedMemory.TryOpen("x", out _));
        Assert.NotEmpty(SharedObjects.Diagnose());
    }

    [ChildPart]
    private static void SharesWithAnotherUser(string root)
    {
        using SharedMemory mine = SharedMemory.Create(@"Global\mine", 4096);
        using SharedMemory readable = SharedMemory.Create(@"Global\readable", 4096, new SharedMemoryOptions { Access = SharedAccess.EveryoneRead });
        using SharedMemory open = SharedMemory.Create(@"Global\open", 4096, new SharedMemoryOptions { Access = SharedAccess.Everyone });
        using SharedMutex mutex = SharedMutex.Create(@"Global\mutex", false, SharedAccess.Everyone);
        using SharedEvent signal = SharedEvent.Create(@"Global\event", EventResetMode.ManualReset, true);
        using SharedMemory local = SharedMemory.Create("local", 4096);
        Child.Do(IsAnotherUser, root: root, prefix: "/usr/bin/setpriv --reuid 12345 --regid 12345 --clear-groups", variables: ["DOTNET_CLI_HOME=/tmp", "HOME=/tmp"]);
        using MemoryView view = open.Map();
        Assert.Equal(7, view.Span[0]);
    }

    [ChildPart]
    private static void IsAnotherUser()
    {
        Assert.Equal(@"Global\mine", Scene.Refusal(FailureReason.AccessDenied, () => SharedMemory.Open(@"Global\mine")).ObjectName);
        Scene.Refusal(FailureReason.AccessDenied, () => SharedMemory.Open(@"Global\mine", MemoryAccess.Read));
        Scene.Refusal(FailureReason.AccessDenied, () => SharedMemory.CreateOrOpen(@"Global\mine", 4096));
        Scene.Refusal(FailureReason.AccessDenied, () => SharedEvent.Open(@"Global\event"));
        Scene.Refusal(FailureReason.AccessDenied, () => SharedMemory.Open(@"Global\readable"));
        using (SharedMemory readable = SharedMemory.Open(@"Global\readable", MemoryAccess.Read))
            Assert.Equal(4096, readable.Size);
        using (SharedMemory open = SharedMemory.Open(@"Global\open"))
        {
            using MemoryView view = open.Map();
            view.Span[0] = 7;
        }
        using SharedMutex mutex = SharedMutex.Open(@"Global\mutex");
        Assert.Equal(WaitResult.Signaled, mutex.Wait());
        // Its own local scope: what the other user has there does not exist here.
        Assert.False(SharedMemory.TryOpen("local", out _));
        using SharedMemory local = SharedMemory.Create("local", 8192);
        Assert.Equal(8192, local.Size);
    }
}
