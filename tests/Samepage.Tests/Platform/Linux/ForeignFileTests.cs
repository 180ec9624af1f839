using System.Diagnostics;
using System.Net.Sockets;
using Samepage.Tests.Support;

namespace Samepage.Tests.Platform.Linux;

/// <summary>What is not ours, in an object's place: refused, named, and left alone.</summary>
public sealed class ForeignFileTests
{
    private static void EveryOperationRefuses(string name)
    {
        foreach (Action action in new Action[]
                 {
                     () => SharedMemory.Create(name, 4096).Dispose(),
                     () => SharedMemory.CreateOrOpen(name, 4096).Dispose(),
                     () => SharedMemory.Open(name).Dispose(),
                     () => SharedMemory.Open(name, MemoryAccess.Read).Dispose(),
                     () => SharedMutex.CreateOrOpen(name).Dispose(),
                     () => SharedMutex.Create(name, initiallyOwned: true).Dispose(),
                     () => SharedEvent.Open(name).Dispose(),
                     () => SharedSemaphore.CreateOrOpen(name, 0, 1).Dispose(),
                 })
        {
            var refused = Assert.Throws<SharedObjectException>(action);
            Assert.True(refused.Reason is FailureReason.Corrupt or FailureReason.Unknown, refused.Message);
            Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        }
        Assert.Null(SharedObjects.Find(name));
        Assert.DoesNotContain(SharedObjects.List(), o => o.Name == name);
        Assert.False(SharedMemory.Exists(name));
        Assert.DoesNotContain(SharedObjects.RemoveOrphans(), o => o.Name == name && o.Removed);
        OrphanInfo reported = Assert.Single(SharedObjects.FindOrphans(), o => o.Name == name);
        Assert.False(string.IsNullOrEmpty(reported.Remark));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(4096)]
    [InlineData(200_000)]
    public void A_file_of_another_program_is_refused_and_never_deleted(int length)
    {
        string name = Scene.NewName();
        string path = Scene.PathOf(name);
        byte[] content = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        File.WriteAllBytes(path, content);
        EveryOperationRefuses(name);
        Assert.Equal(content, File.ReadAllBytes(path));
        File.Delete(path);
    }

    [Fact]
    public void An_object_of_a_later_format_is_refused_and_never_deleted()
    {
        string name = Scene.NewName();
        byte[] content;
        using (SharedMemory.Create(name, 4096))
            content = Scene.FileOf(name);
        content[8] = 2;
        string path = Scene.PathOf(name);
        File.WriteAllBytes(path, content);
        EveryOperationRefuses(name);
        Assert.Equal(content, File.ReadAllBytes(path));
        File.Delete(path);
    }

    [Fact]
    public void A_link_is_never_followed()
    {
        string name = Scene.NewName();
        string target = Path.Combine(Path.GetTempPath(), name);
        using (SharedMemory.Create(name + "x", 4096))
            File.WriteAllBytes(target, Scene.FileOf(name + "x"));
        byte[] before = File.ReadAllBytes(target);
        File.CreateSymbolicLink(Scene.PathOf(name), target);
        EveryOperationRefuses(name);
        Assert.Equal(before, File.ReadAllBytes(target));
        Assert.Equal(target, new FileInfo(Scene.PathOf(name)).LinkTarget);
        File.Delete(Scene.PathOf(name));
        File.Delete(target);
    }

    [Fact]
    public void A_link_to_nowhere_makes_nothing_there()
    {
        string name = Scene.NewName();
        string target = Path.Combine(Path.GetTempPath(), name);
        File.CreateSymbolicLink(Scene.PathOf(name), target);
        EveryOperationRefuses(name);
        Assert.False(File.Exists(target));
        File.Delete(Scene.PathOf(name));
    }

    [Fact]
    public void A_directory_is_refused_and_left_with_what_is_in_it()
    {
        string name = Scene.NewName();
        Directory.CreateDirectory(Scene.PathOf(name));
        File.WriteAllText(Path.Combine(Scene.PathOf(name), "inside"), "here");
        EveryOperationRefuses(name);
        Assert.Equal("here", File.ReadAllText(Path.Combine(Scene.PathOf(name), "inside")));
        Directory.Delete(Scene.PathOf(name), recursive: true);
    }

    [Fact]
    public void A_named_pipe_of_the_system_is_refused_without_waiting_for_its_other_end()
    {
        string name = Scene.NewName();
        using (Process process = Process.Start("mkfifo", [Scene.PathOf(name)]))
            process.WaitForExit();
        Assert.True(File.Exists(Scene.PathOf(name)));
        EveryOperationRefuses(name);
        Assert.True(File.Exists(Scene.PathOf(name)));
        File.Delete(Scene.PathOf(name));
    }

    [Fact]
    public void A_socket_is_refused()
    {
        string name = "socket";
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Scene.PathOf(name)));
        EveryOperationRefuses(name);
        File.Delete(Scene.PathOf(name));
    }

    [Fact]
    public void A_file_name_that_no_object_has_is_listed_as_foreign_and_left()
    {
        string path = Path.Combine(Scene.LocalDirectory, "%41 not ours~");
        File.WriteAllText(path, "x");
        Assert.DoesNotContain(SharedObjects.RemoveOrphans(), o => o.Removed && o.Name.Contains("not ours", StringComparison.Ordinal));
        Assert.Contains(SharedObjects.FindOrphans(), o => o.Name == "%41 not ours~" && o.Remark is not null);
        Assert.True(File.Exists(path));
        File.Delete(path);
    }

    [Fact]
    public void What_the_dead_left_behind_is_an_orphan_and_swept()
    {
        // The process sweeps once by itself, when it first uses the directory; should that come between, it does not come again.
        if (Record.Exception(FindAndSweep) is not null)
            FindAndSweep();
    }

    private static void FindAndSweep()
    {
        string name = Scene.NewName();
        byte[] content;
        using (SharedMemory.Create(name, 4096))
            content = Scene.FileOf(name);
        string path = Scene.PathOf(name);
        File.WriteAllBytes(path, content);
        Assert.Null(SharedObjects.Find(name));
        OrphanInfo orphan = Assert.Single(SharedObjects.FindOrphans(), o => o.Name == name);
        Assert.Equal((false, null, SharedObjectScope.Local), (orphan.Removed, orphan.Remark, orphan.Scope));
        Assert.True(orphan.Bytes > 0);
        Assert.True(File.Exists(path));
        Assert.Contains(SharedObjects.RemoveOrphans(), o => o.Name == name && o.Removed);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void What_the_dead_left_behind_is_no_obstacle_for_a_new_object()
    {
        string name = Scene.NewName();
        byte[] content;
        using (SharedMemory.Create(name, 4096))
            content = Scene.FileOf(name);
        content.AsSpan(65536).Fill(0xEE);
        File.WriteAllBytes(Scene.PathOf(name), content);
        Assert.False(SharedMemory.TryOpen(name, out _));
        File.WriteAllBytes(Scene.PathOf(name), content);
        using SharedMemory section = SharedMemory.Create(name, 8192);
        using MemoryView view = section.Map();
        Assert.Equal(-1, view.Span.IndexOfAnyExcept((byte)0));
    }
}
