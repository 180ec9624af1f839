using System.Text;
using Samepage.Atomics;
using Samepage.Diagnostics;
using Samepage.Layout;
using Samepage.Platform.Linux.Interop;
using Samepage.Platform.Linux.Tethers;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux;

/// <summary>
/// The namespace of one scope: files that get their names when they are complete, keep them while anyone holds a lock on them, and
/// lose them through whoever holds that lock alone.
/// </summary>
/// <remarks>
/// Protocol, every state in which a process can die, and proof: docs/design/lifetime.md; model: tests/models/lifetime.pml.
/// The kernel's locks on open file descriptions are the only evidence of life.
/// </remarks>
internal sealed unsafe class ObjectDirectory
{
    private const long LookFirst = 64 << 10;

    private static readonly ObjectDirectory?[] _known = new ObjectDirectory?[2];
    private ScopeDirectory _directory;
    private bool _swept;

    private ObjectDirectory(ScopeDirectory directory) => _directory = directory;

    public string Path => _directory.Path;
    public SharedObjectScope Scope => _directory.Scope;

    /// <summary>For using the scope, the first time with a sweep. Null when nothing was ever made in it and <paramref name="create"/> is false.</summary>
    public static ObjectDirectory? Of(SharedObjectScope scope, bool create)
    {
        ObjectDirectory? directory = Open(scope, create);
        // Two threads that both come first both sweep: that does no harm.
        if (directory is { _swept: false })
        {
            directory._swept = true;
            ThreadPool.UnsafeQueueUserWorkItem(static d => d.SweepQuietly(), directory, preferLocal: false);
        }
        return directory;
    }

    /// <summary>For looking at the scope: nothing is changed, orphans are there to be seen. Null when nothing was ever made in it.</summary>
    public static ObjectDirectory? ToLookAt(SharedObjectScope scope) => Open(scope, create: false);

    private static ObjectDirectory? Open(SharedObjectScope scope, bool create)
    {
        ObjectDirectory? known = SharedAtomics.Observe(ref _known[(int)scope]);
        if (known is not null)
            return known;
        if (ScopeDirectory.Open(scope, create) is not { } directory)
            return null;
        var opened = new ObjectDirectory(directory);
        SharedAtomics.Publish(ref _known[(int)scope], opened);
        return opened;
    }

    /// <summary>Makes the object, or finds the one that has the name.</summary>
    /// <param name="name">The name, in this scope.</param>
    /// <param name="draft">What a new object would be.</param>
    /// <param name="openExisting">Whether an object that has the name will do.</param>
    /// <param name="description">What the object is.</param>
    /// <param name="created">Which of the two happened.</param>
    /// <param name="beforeNaming">What must have been done with the new file before anyone can see it.</param>
    public ObjectFile CreateOrOpen(
        ObjectName name, in ObjectDraft draft, bool openExisting, out SegmentDescription description, out bool created,
        Action<int>? beforeNaming = null)
    {
        byte[] fileName = FileNameEncoding.Encode(name.Bare);
        created = false;
        // Looking first keeps a large section from being reserved only to learn that the name is taken; for a small one it costs more than it saves.
        if ((openExisting || draft.CommittedLength > LookFirst) && Find(name, fileName, draft, openExisting, out description!) is { } before)
            return before;

        int descriptor = MakeFile(name, draft);
        bool named = false;
        try
        {
            beforeNaming?.Invoke(descriptor);
            while (!(named = Link(descriptor, fileName, name.Full, draft)))
            {
                if (Find(name, fileName, draft, openExisting, out description!) is { } winner)
                    return winner;
            }
        }
        finally
        {
            if (!named)
                _ = LibC.Close(descriptor);
        }
        created = true;
        description = SegmentDescription.Of(draft, name.Bare);
        return new ObjectFile(descriptor, this, fileName, writable: true);
    }

    /// <summary>A complete file that has no name yet.</summary>
    private int MakeFile(ObjectName objectName, in ObjectDraft draft)
    {
        string name = objectName.Full;
        uint mode = ModeOf(draft.Access);
        // tmpfs makes nameless files in a removed directory as well; only naming them would fail then.
        if (!StillThere())
            _ = Renew(create: true);
        int descriptor = OpenNameless(mode);
        if (descriptor < 0 && LinuxErrors.Last == Errno.ENOENT && Renew(create: true))
            descriptor = OpenNameless(mode);
        if (descriptor < 0)
        {
            throw LinuxErrors.Translate("openat O_TMPFILE", LinuxErrors.Last, $"Creating {draft.Describe(name)} in {Path}", name, draft.Kind,
                LinuxErrors.Last == Errno.EOPNOTSUPP
                    ? $"the file system of {Path} cannot make files without a name; tmpfs, ext4, xfs and btrfs can. Choose one with {ScopeDirectory.RootVariable}."
                    : null);
        }
        CrashSwitch.Reach(CrashPoint.PublishFileMade);
        try
        {
            if (draft.Access != SharedAccess.User && LibC.FChMod(descriptor, mode) != 0)
                throw LinuxErrors.Translate("fchmod", LinuxErrors.Last, $"Opening {draft.Describe(name)} to others", name, draft.Kind);
            ObjectContents.Write(descriptor, draft, objectName);
            LifeLock.Join(descriptor, name);
            CrashSwitch.Reach(CrashPoint.PublishLocked);
            return descriptor;
        }
        catch
        {
            _ = LibC.Close(descriptor);
            throw;
        }
    }

    private int OpenNameless(uint mode)
    {
        byte* here = stackalloc byte[] { (byte)'.', 0 };
        return LibC.OpenAt(_directory.Descriptor, here, Native.TemporaryFile | Native.ReadWrite | Native.CloseOnExec, mode);
    }

    /// <summary>Gives the finished file its name: the moment at which the object exists.</summary>
    private bool Link(int descriptor, byte[] fileName, string name, in ObjectDraft draft)
    {
        byte empty = 0;
        fixed (byte* to = fileName)
        {
            if (LibC.LinkAt(descriptor, &empty, _directory.Descriptor, to, Native.EmptyPath) != 0)
            {
                int error = LinuxErrors.Last;
                // Kernels before 6.10 keep AT_EMPTY_PATH for the privileged; the descriptor's path in /proc does the same for everyone.
                if (error == Errno.ENOENT)
                    error = LinkByPath(descriptor, to);
                if (error == Errno.EEXIST)
                    return false;
                if (error != 0)
                    throw LinuxErrors.Translate("linkat", error, $"Naming {draft.Describe(name)} in {Path}", name, draft.Kind);
            }
        }
        CrashSwitch.Reach(CrashPoint.PublishLinked);
        return true;
    }

    private int LinkByPath(int descriptor, byte* to)
    {
        fixed (byte* from = Encoding.ASCII.GetBytes($"/proc/self/fd/{descriptor}\0"))
            return LibC.LinkAt(Native.CurrentDirectory, from, _directory.Descriptor, to, Native.FollowLink) == 0 ? 0 : LinuxErrors.Last;
    }

    /// <summary>On the way to creating: the live object, or null when the name is free; waits while somebody is removing it.</summary>
    private ObjectFile? Find(
        ObjectName name, byte[] fileName, in ObjectDraft draft, bool openExisting, out SegmentDescription? description)
    {
        while (true)
        {
            switch (TryOpen(name, fileName, writable: true, out ObjectFile? file, out description))
            {
                case Presence.Absent:
                    return null;
                case Presence.Alive when openExisting:
                    return file;
                case Presence.Alive:
                    file!.Dispose();
                    throw new SharedObjectException(FailureReason.AlreadyExists,
                        $"Creating {draft.Describe(name.Full)} failed: {description!.Kind.Article()} of that name exists already. Open it, use CreateOrOpen, or choose another name.",
                        name.Full, draft.Kind);
                case Presence.BeingRemoved:
                    WaitForRemoval(name, fileName);
                    break;
                case Presence.Unremovable:
                    throw new SharedObjectException(FailureReason.AccessDenied,
                        $"Creating {draft.Describe(name.Full)} failed: another user's process died and left {PathOf(fileName)}, which only that user, or an administrator, can remove.",
                        name.Full, draft.Kind);
            }
        }
    }

    /// <summary>Opens the live object of that name.</summary>
    public Presence TryOpen(ObjectName name, bool writable, out ObjectFile? file, out SegmentDescription? description) =>
        TryOpen(name, FileNameEncoding.Encode(name.Bare), writable, out file, out description);

    private Presence TryOpen(ObjectName name, byte[] fileName, bool writable, out ObjectFile? file, out SegmentDescription? description)
    {
        file = null;
        description = null;
        while (true)
        {
            int descriptor = OpenByName(fileName, writable ? Native.ReadWrite : Native.ReadOnly);
            if (descriptor < 0)
            {
                int error = LinuxErrors.Last;
                if (error != Errno.ENOENT)
                    throw Foreign(error, name.Full, fileName) ?? LinuxErrors.Translate("openat", error, $"Opening \"{name}\"", name.Full);
                if (StillThere() || !Renew(create: false))
                    return Presence.Absent;
                continue;
            }
            CrashSwitch.Reach(CrashPoint.OpenFileOpened);

            Presence? decided = null;
            try
            {
                decided = Attach(descriptor, name, fileName, out description);
            }
            finally
            {
                if (decided != Presence.Alive)
                    _ = LibC.Close(descriptor);
            }
            if (decided == Presence.Alive)
            {
                CrashSwitch.Reach(CrashPoint.OpenVerified);
                file = new ObjectFile(descriptor, this, fileName, writable);
            }
            if (decided is { } presence)
                return presence;
            // The object was removed, or changed hands, between the steps: somebody else got further, and the name may mean another object now.
        }
    }

    /// <summary>Joins the holders of an object through a descriptor that came from one of them, which changes its owner.</summary>
    public ObjectFile Join(ObjectFile file, string bareName, bool writable)
    {
        LifeLock.Join(file.Descriptor, bareName);
        return new ObjectFile(file.TakeDescriptor(), this, FileNameEncoding.Encode(bareName), writable);
    }

    /// <summary>Joins those who hold the file. Null: look again.</summary>
    private Presence? Attach(int descriptor, ObjectName name, byte[] fileName, out SegmentDescription? description)
    {
        description = null;
        switch (LifeLock.AskHolder(descriptor, name.Full))
        {
            case Native.Unlock:
                // Nobody holds it: its last holder died. To anyone looking, it does not exist.
                if (!IsOurs(descriptor))
                    return HasName(descriptor) ? throw NotOurs(name.Full, fileName) : null;
                return Reap(fileName) switch
                {
                    ReapResult.Gone => Presence.Absent,
                    ReapResult.Held => null,
                    _ => Presence.Unremovable,
                };
            case Native.WriteLock:
                return Presence.BeingRemoved;
        }
        if (!LifeLock.TryJoin(descriptor))
            return null;
        CrashSwitch.Reach(CrashPoint.OpenLocked);
        FileStatus status = StatusOf(descriptor, name.Full);
        if (status.Links == 0)
            return null;
        description = SegmentDescription.Read(descriptor, status, PathOf(fileName), name);
        return Presence.Alive;
    }

    /// <summary>Makes a FIFO. False: something has the name already.</summary>
    public bool TryMakeFifo(byte[] fileName, uint mode)
    {
        int error = MakeFifo(fileName, mode);
        if (error == Errno.ENOENT && Renew(create: true))
            error = MakeFifo(fileName, mode);
        return error is 0 or Errno.EEXIST
            ? error == 0
            : throw LinuxErrors.Translate("mkfifoat", error, $"Making {PathOf(fileName)}");
    }

    private int MakeFifo(byte[] fileName, uint mode)
    {
        fixed (byte* n = fileName)
            return LibC.MkFifoAt(_directory.Descriptor, n, mode) == 0 ? 0 : LinuxErrors.Last;
    }

    /// <summary>Takes away a name that this process drew by lot, so that it can be nobody else's.</summary>
    public void TakeBack(byte[] fileName)
    {
        fixed (byte* n = fileName)
            _ = LibC.UnlinkAt(_directory.Descriptor, n, 0);
    }

    /// <summary>Removes the file if it is ours and nobody holds it.</summary>
    public ReapResult Reap(byte[] fileName)
    {
        int descriptor = OpenByName(fileName, Native.ReadWrite);
        if (descriptor < 0)
            return LinuxErrors.Last == Errno.ENOENT ? ReapResult.Gone : ReapResult.Refused;
        try
        {
            if (!IsOurs(descriptor, fileName))
                return HasName(descriptor) ? ReapResult.Refused : ReapResult.Gone;
            if (!LifeLock.TryHoldAlone(descriptor))
                return ReapResult.Held;
            CrashSwitch.Reach(CrashPoint.ReapLocked);
            bool removed = Unlink(descriptor, fileName);
            CrashSwitch.Reach(CrashPoint.ReapUnlinked);
            if (removed && LibraryEvents.Log.IsEnabled())
                LibraryEvents.Log.OrphanSwept(PathOf(fileName));
            return removed ? ReapResult.Gone : ReapResult.Refused;
        }
        finally
        {
            _ = LibC.Close(descriptor);
        }
    }

    /// <summary>Takes the name away from the file; the caller holds its lock alone. A name that is gone already may belong to another file by now.</summary>
    public bool Unlink(int descriptor, byte[] fileName)
    {
        if (!TryGetStatus(descriptor, out FileStatus status))
            return false;
        if (status.Links == 0)
            return true;
        if (Journal.IsNeeded(descriptor, fileName))
            return false;
        fixed (byte* n = fileName)
            return LibC.UnlinkAt(_directory.Descriptor, n, 0) == 0 || LinuxErrors.Last == Errno.ENOENT;
    }

    /// <summary>Waits until whoever holds the file alone has removed it, or died.</summary>
    private void WaitForRemoval(ObjectName name, byte[] fileName)
    {
        int descriptor = OpenByName(fileName, Native.ReadOnly);
        if (descriptor < 0)
            return;
        try
        {
            LifeLock.WaitForRemoval(descriptor, name.Full);
        }
        finally
        {
            _ = LibC.Close(descriptor);
        }
    }

    /// <summary>All that lies in the directory; nothing when somebody removed the directory itself.</summary>
    public IEnumerable<string> FileNames()
    {
        try
        {
            return Directory.GetFileSystemEntries(Path).Select(System.IO.Path.GetFileName)!;
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Opens a file of the directory without holding it.</summary>
    public int OpenByName(byte[] fileName, int access)
    {
        fixed (byte* n = fileName)
        {
            return LibC.OpenAt(_directory.Descriptor, n,
                access | Native.NoFollow | Native.NonBlocking | Native.CloseOnExec, 0);
        }
    }

    public static FileStatus StatusOf(int descriptor, string? name) => TryGetStatus(descriptor, out FileStatus status)
        ? status
        : throw LinuxErrors.Translate("statx", LinuxErrors.Last, $"Looking at \"{name}\"", name);

    private static bool TryGetStatus(int descriptor, out FileStatus status)
    {
        byte empty = 0;
        fixed (FileStatus* s = &status)
            return LibC.StatX(descriptor, &empty, Native.EmptyPath, Native.StatBasic, s) == 0;
    }

    /// <summary>True for a regular file that begins as ours do, in the format whose rules this code follows.</summary>
    public static bool IsOurs(int descriptor)
    {
        if (!TryGetStatus(descriptor, out FileStatus status) || !status.IsRegular)
            return false;
        byte* beginning = stackalloc byte[12];
        return LibC.PRead(descriptor, beginning, 12, 0) == 12
            && *(ulong*)beginning == SegmentHeader.ExpectedMagic
            && *(uint*)(beginning + 8) == SegmentHeader.CurrentFormat;
    }

    /// <summary>True for what this library removes when nobody holds it: an object, or a tether.</summary>
    public static bool IsOurs(int descriptor, ReadOnlySpan<byte> fileName) => TetherName.IsNameOf(fileName)
        ? TryGetStatus(descriptor, out FileStatus status) && status.IsFifo
        : IsOurs(descriptor);

    /// <summary>False: its last holder has taken the name away, and its memory, so that it begins as nobody's.</summary>
    public static bool HasName(int descriptor) => TryGetStatus(descriptor, out FileStatus status) && status.Links > 0;

    private SharedObjectException NotOurs(string name, byte[] fileName) => LinuxErrors.Corrupt(
        PathOf(fileName), "the file does not begin as an object of this library and version does", name);

    private SharedObjectException? Foreign(int error, string name, byte[] fileName) => error switch
    {
        Errno.ELOOP => LinuxErrors.Corrupt(PathOf(fileName), "it is a symbolic link, and links are never followed", name),
        Errno.EISDIR => LinuxErrors.Corrupt(PathOf(fileName), "it is a directory where a file belongs", name),
        _ => null,
    };

    public string PathOf(byte[] fileName) => $"{Path}/{Encoding.ASCII.GetString(fileName).TrimEnd('\0')}";

    private bool StillThere() => StatusOf(_directory.Descriptor, Path).Links > 0;

    /// <summary>Somebody removed the directory under us: all that was in it lost its name. Goes on with a new one, if there is one or may be made.</summary>
    private bool Renew(bool create)
    {
        if (ScopeDirectory.Open(Scope, create) is not { } directory)
            return false;
        SharedAtomics.Publish(ref _directory, directory);
        return true;
    }

    /// <summary>Start-up: what earlier processes left behind when they died.</summary>
    private void SweepQuietly()
    {
        try
        {
            foreach (string fileName in FileNames())
                _ = Reap(Encoding.UTF8.GetBytes(fileName + '\0'));
        }
        catch (IOException)
        {
            // Sweeping is a courtesy; whoever needs one of these names meets the same obstacle and is told.
        }
        catch (UnauthorizedAccessException)
        {
            // As above.
        }
    }

    private static uint ModeOf(SharedAccess access) => access switch
    {
        SharedAccess.GroupRead => 0x1A0,        // 0640
        SharedAccess.Group => 0x1B0,            // 0660
        SharedAccess.EveryoneRead => 0x1A4,     // 0644
        SharedAccess.Everyone => 0x1B6,         // 0666
        _ => 0x180,                             // 0600
    };
}
