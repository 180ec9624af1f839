using System.Diagnostics;
using System.Net.Sockets;
using Samepage.Platform.Linux;
using Samepage.Platform.Linux.Interop;
using Samepage.Platform.Linux.Tethers;
using Samepage.Tests.Support;

namespace Samepage.Tests.Platform.Linux.Tethers;

/// <summary>What lies where a tether would, and who may make it look alive.</summary>
public sealed class TetherFileTests
{
    private static readonly CancellationToken _token = TestContext.Current.CancellationToken;

    private static readonly SharedObjectInfo _info =
        new() { Name = "x", Kind = SharedObjectKind.Tether, Scope = SharedObjectScope.Local, Size = 0 };

    private static ObjectDirectory Directory => ObjectDirectory.Of(SharedObjectScope.Local, create: true)!;

    public static TheoryData<string> Forgeries() => ["file", "link to a tether", "link to nowhere", "directory", "socket"];

    [Theory]
    [MemberData(nameof(Forgeries))]
    public void A_forgery_is_no_participant_and_is_left_alone(string what)
    {
        using SharedEvent signal = SharedEvent.Create(Scene.NewName(), EventResetMode.AutoReset);
        using SharedMembership membership = signal.Join();
        TetherName forged = NameOf(membership) with { Id = 0x1234 };
        string path = Path.Combine(Directory.Path, forged.ToString());
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        switch (what)
        {
            case "file":
                File.WriteAllText(path, "here");
                break;
            case "link to a tether":
                File.CreateSymbolicLink(path, NameOf(membership).ToString());
                break;
            case "link to nowhere":
                File.CreateSymbolicLink(path, "/nowhere");
                break;
            case "directory":
                System.IO.Directory.CreateDirectory(path);
                break;
            default:
                // The path that a socket is bound to must be short.
                string near = Path.Combine(Testing.Isolation.Root, "s");
                socket.Bind(new UnixDomainSocketEndPoint(near));
                File.Move(near, path);
                break;
        }
        Assert.Equal(membership.Id, Assert.Single(signal.Participants()).Id);
        Assert.Null(TetherFile.TryOpen(Directory, forged));
        Assert.NotNull(Assert.Single(SharedObjects.FindOrphans(), o => o.Name == forged.ToString()).Remark);
        Assert.Equal(ReapResult.Refused, Directory.Reap(forged.Encode()));
        Assert.DoesNotContain(SharedObjects.List(), o => o.Kind == SharedObjectKind.Tether || o.Name is null);
        Assert.True(Path.Exists(path) || new FileInfo(path).LinkTarget is not null);
        if (what == "directory")
            System.IO.Directory.Delete(path);
        else
            File.Delete(path);
    }

    [Fact]
    public void A_pipe_whose_name_is_not_quite_a_tethers_is_not_swept()
    {
        string path = Path.Combine(Directory.Path, ".tether-mine");
        MakeFifo(path);
        Assert.NotNull(Assert.Single(SharedObjects.FindOrphans(), o => o.Name == ".tether-mine").Remark);
        Assert.Equal(ReapResult.Refused, Directory.Reap([.. ".tether-mine\0"u8]));
        Assert.True(File.Exists(path));
        File.Delete(path);
    }

    [Fact]
    public void Who_may_only_read_cannot_make_it_look_alive() => Child.Do(LocksWhatItReads, root: Scene.NewRoot());

    [Fact]
    public void Who_has_it_open_for_writing_without_the_lock_is_still_making_it() => Child.Do(IsMaking, root: Scene.NewRoot());

    [ChildPart]
    private static void LocksWhatItReads()
    {
        ObjectDirectory directory = Unswept();
        TetherName name = Made(directory);
        int descriptor = directory.OpenByName(name.Encode(), Native.ReadOnly);
        Assert.True(LifeLock.TryJoin(descriptor));
        Assert.Null(TetherFile.TryOpen(directory, name));
        // But it is in the way of a sweep.
        Assert.Empty(SharedObjects.RemoveOrphans());
        _ = LibC.Close(descriptor);
        OrphanInfo orphan = Assert.Single(SharedObjects.FindOrphans());
        Assert.Equal((name.ToString(), null), (orphan.Name, orphan.Remark));
        Assert.Equal(orphan with { Removed = true }, Assert.Single(SharedObjects.RemoveOrphans()));
        Assert.Empty(directory.FileNames());
    }

    [ChildPart]
    private static void IsMaking()
    {
        ObjectDirectory directory = Unswept();
        TetherName name = Made(directory);
        int descriptor = directory.OpenByName(name.Encode(), Native.ReadWrite);
        Assert.Null(TetherFile.TryOpen(directory, name));
        Assert.True(LifeLock.TryJoin(descriptor));
        int opened = Assert.NotNull(TetherFile.TryOpen(directory, name));
        Assert.False(TetherFile.HasLeft(opened, name));
        Assert.Equal(ReapResult.Held, directory.Reap(name.Encode()));
        _ = LibC.Close(descriptor);
        _ = LibC.Close(opened);
        Assert.Null(TetherFile.TryOpen(directory, name));
        Assert.Equal(ReapResult.Gone, directory.Reap(name.Encode()));
    }

    /// <summary>Without an object: for those who find it by its id alone.</summary>
    [Fact]
    public void A_tether_of_a_process_is_watched_by_its_name()
    {
        HeldTether held = HeldTether.Hold(Directory, of: null);
        using var watched = new WatchedTether(TetherWatch.TryWatch(Directory, new TetherName(held.Id, null, 0))!, _info);
        Assert.Equal(WaitResult.TimedOut, watched.Wait(TimeSpan.Zero, _token));
        held.Dispose();
        Assert.Equal(WaitResult.Signaled, watched.Wait(Timeout.InfiniteTimeSpan, _token));
        Assert.Null(TetherWatch.TryWatch(Directory, held.Name));
    }

    [Fact]
    public void Others_may_read_a_global_one_and_nobody_else_a_local_one()
    {
        using SharedEvent global = SharedEvent.Create(@"Global\" + Scene.NewName(), EventResetMode.AutoReset);
        using SharedEvent local = SharedEvent.Create(Scene.NewName(), EventResetMode.AutoReset);
        using SharedMembership one = global.Join(), other = local.Join();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(PathOf(one, SharedObjectScope.Global)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf(other)));
    }

    private static string PathOf(SharedMembership membership, SharedObjectScope scope = SharedObjectScope.Local) =>
        Assert.Single(System.IO.Directory.GetFileSystemEntries(ScopeDirectory.PathOf(scope), $".tether-{membership.Id:x16}*"));

    private static TetherName NameOf(SharedMembership membership)
    {
        Assert.True(TetherName.TryParse(Path.GetFileName(PathOf(membership)), out TetherName name));
        return name;
    }

    private static void MakeFifo(string path)
    {
        using Process process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>As it is before anybody uses the scope: no sweep will come.</summary>
    private static ObjectDirectory Unswept()
    {
        _ = ScopeDirectory.Open(SharedObjectScope.Local, create: true);
        return ObjectDirectory.ToLookAt(SharedObjectScope.Local)!;
    }

    private static TetherName Made(ObjectDirectory directory)
    {
        var name = TetherName.New(null);
        MakeFifo(Path.Combine(directory.Path, name.ToString()));
        return name;
    }
}
