using System.Text;
using Samepage.Platform.Linux.Interop;
using Samepage.Platform.Linux.Tethers;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux;

/// <summary>Looks at the directories of the scopes without joining the holders of anything in them.</summary>
internal sealed class LinuxInspector : IInspector
{
    private static readonly SharedObjectScope[] _scopes = [SharedObjectScope.Local, SharedObjectScope.Global];

    public IReadOnlyList<SharedObjectInfo> List(bool withHolders) => Looking(() => ListAll(withHolders));

    public SharedObjectInfo? Find(ObjectName name, bool withHolders) => Looking(() => FindOne(name, withHolders));

    public IReadOnlyList<OrphanInfo> Sweep(bool remove) => Looking(() => SweepAll(remove));

    /// <summary>What cannot be looked at for want of files is not taken to be absent.</summary>
    private static T Looking<T>(Func<T> look)
    {
        try
        {
            return look();
        }
        catch (IOException e) when (LinuxErrors.IsShortOfFiles(e))
        {
            throw LinuxErrors.Translate("openat", e.HResult, "Looking at the objects that there are");
        }
    }

    private static List<SharedObjectInfo> ListAll(bool withHolders)
    {
        HolderTable? holders = withHolders ? HolderTable.Read() : null;
        var found = new List<SharedObjectInfo>();
        foreach (SharedObjectScope scope in _scopes)
        {
            if (ObjectDirectory.Of(scope, create: false) is not { } directory)
                continue;
            foreach (string fileName in directory.FileNames().Where(n => !Journal.IsNameOf(n) && !PartName.Is(n) && !TetherName.TryParse(n, out _)))
            {
                if (Look(directory, Terminated(fileName), holders) is { } info)
                    found.Add(info);
            }
        }
        return found;
    }

    private static SharedObjectInfo? FindOne(ObjectName name, bool withHolders) =>
        ObjectDirectory.ToLookAt(name.Scope) is { } directory
            ? Look(directory, FileNameEncoding.Encode(name.Bare), withHolders ? HolderTable.Read() : null)
            : null;

    public IReadOnlyList<ObjectName> Parts(ObjectName whole, string beginning)
    {
        string prefix = ObjectName.Parse(PartName.Of(whole, beginning)).Bare;
        return ObjectDirectory.ToLookAt(whole.Scope) is { } directory
            ? [.. directory.FileNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Select(n => ObjectName.Found(whole.Scope, n))]
            : [];
    }

    private static List<OrphanInfo> SweepAll(bool remove)
    {
        var found = new List<OrphanInfo>();
        foreach (SharedObjectScope scope in _scopes)
        {
            if (ObjectDirectory.ToLookAt(scope) is not { } directory)
                continue;
            foreach (string fileName in directory.FileNames())
            {
                if (Orphan(directory, fileName, remove) is { } orphan)
                    found.Add(orphan);
            }
        }
        return found;
    }

    public IReadOnlyList<Finding> Diagnose() => LinuxDiagnosis.Run();

    /// <summary>The live object in a file; null for anything else.</summary>
    private static SharedObjectInfo? Look(ObjectDirectory directory, byte[] fileName, HolderTable? holders)
    {
        int descriptor = directory.OpenByName(fileName, Native.ReadOnly);
        if (descriptor < 0)
        {
            return LinuxErrors.IsShortage(LinuxErrors.Last)
                ? throw LinuxErrors.Translate("openat", LinuxErrors.Last, $"Looking at {directory.PathOf(fileName)}")
                : null;
        }
        try
        {
            if (!ObjectDirectory.IsOurs(descriptor) || LifeLock.AskHolder(descriptor, null) != Native.ReadLock)
                return null;
            FileStatus status = ObjectDirectory.StatusOf(descriptor, null);
            SegmentDescription description = SegmentDescription.Read(descriptor, status, directory.PathOf(fileName), null);
            // A header that carries another name was not written for this file.
            if (!FileNameEncoding.Encode(description.BareName).AsSpan().SequenceEqual(fileName))
                return null;
            ObjectName name = ObjectName.Found(directory.Scope, description.BareName);
            IReadOnlyList<SharedObjectHolder>? held = holders?.Of(status);
            SharedObjectState? state = description.Kind.IsMemory() ? null : StateReader.Of(descriptor, description, name.Scope);
            return SectionFactory.InfoOf(description, name.Full, name.Scope) with
            {
                Holders = held,
                State = state is null || held is null ? state : state with { Waiters = holders!.WaitersAmong(held, status.Inode) },
            };
        }
        catch (SharedObjectException e) when (e.Reason != FailureReason.OutOfSpace)
        {
            // Not readable as an object; Sweep reports such files.
            return null;
        }
        finally
        {
            _ = LibC.Close(descriptor);
        }
    }

    private static OrphanInfo? Orphan(ObjectDirectory directory, string fileName, bool remove)
    {
        byte[] encoded = Terminated(fileName);
        string shown = FileNameEncoding.TryDecode(fileName) is { } bare ? ObjectName.Found(directory.Scope, bare).Full : fileName;
        int descriptor = directory.OpenByName(encoded, Native.ReadOnly);
        if (descriptor < 0)
        {
            return LinuxErrors.Last switch
            {
                Errno.ENOENT => null,
                Errno.ELOOP => new OrphanInfo(shown, directory.Scope, 0, false, "a symbolic link, which is none of ours"),
                int error => new OrphanInfo(shown, directory.Scope, 0, false, $"cannot be opened ({Errno.Name(error)})"),
            };
        }
        long bytes;
        try
        {
            if (!ObjectDirectory.IsOurs(descriptor, encoded))
            {
                return ObjectDirectory.HasName(descriptor)
                    ? new OrphanInfo(shown, directory.Scope, 0, false, "not an object of this library and version; remove it by hand if nobody needs it")
                    : null;
            }
            if (LifeLock.AskHolder(descriptor, shown) != Native.Unlock)
                return null;
            bytes = ObjectDirectory.StatusOf(descriptor, shown).AllocatedBytes;
        }
        finally
        {
            _ = LibC.Close(descriptor);
        }
        if (!remove)
            return new OrphanInfo(shown, directory.Scope, bytes, false, null);
        return directory.Reap(encoded) switch
        {
            ReapResult.Gone => new OrphanInfo(shown, directory.Scope, bytes, true, null),
            ReapResult.Refused => new OrphanInfo(shown, directory.Scope, bytes, false, "belongs to another user"),
            _ => null,
        };
    }

    private static byte[] Terminated(string fileName) => Encoding.UTF8.GetBytes(fileName + '\0');
}
