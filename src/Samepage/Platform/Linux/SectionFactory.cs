using Samepage.Layout;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>Makes and opens sections: named, anonymous, and over disk files.</summary>
internal static unsafe class SectionFactory
{
    public static LinuxSection Create(ObjectName? name, in SectionRequest request, bool openExisting, out bool created)
    {
        created = true;
        if (request.IsOverFile)
            return CreateOverFile(name, request, openExisting, out created);
        ObjectDraft draft = DraftOf(request, request.Size);
        if (name is not { } given)
            return CreateAnonymous(draft);

        ObjectFile file = ObjectDirectory.Of(given.Scope, create: true)!
            .CreateOrOpen(given, draft, openExisting, out SegmentDescription description, out created);
        return OpenFound(file, description, given, description.Protection, request.Kind);
    }

    public static LinuxSection? TryOpen(ObjectName name, MemoryAccess access, SharedObjectKind kind)
    {
        Presence presence = Presence.Absent;
        ObjectFile? file = null;
        SegmentDescription? description = null;
        if (ObjectDirectory.Of(name.Scope, create: false) is { } directory)
            presence = directory.TryOpen(name, access.WritesThrough(), out file, out description);
        return presence == Presence.Alive ? OpenFound(file!, description!, name, access, kind) : null;
    }

    /// <summary>A section from a descriptor that came from another process, which is taken over, or closed by a refusal.</summary>
    /// <param name="descriptor">An open file description of its own.</param>
    /// <param name="access">What the lender may do.</param>
    /// <param name="size">The size, where no header says it; otherwise 0.</param>
    /// <param name="device">The file that the lender meant.</param>
    /// <param name="inode">As <paramref name="device"/>.</param>
    /// <returns>Null when it is another file.</returns>
    public static LinuxSection? FromDescriptor(int descriptor, MemoryAccess access, long size, ulong device, ulong inode)
    {
        var file = new ObjectFile(descriptor);
        try
        {
            FileStatus status = ObjectDirectory.StatusOf(descriptor, null);
            if (status.Device == device && status.Inode == inode)
                return FromFile(ref file, status, access, size);
            file.Dispose();
            return null;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <param name="file">Becomes a holder of the name, if there is one, with the same descriptor.</param>
    /// <param name="status">What the file is.</param>
    /// <param name="access">What the lender may do.</param>
    /// <param name="size">The size, where no header says it.</param>
    private static LinuxSection FromFile(ref ObjectFile file, in FileStatus status, MemoryAccess access, long size)
    {
        string path = PathOf(file.Descriptor);
        if (size > 0)
        {
            return status.IsRegular && size <= status.Size
                ? OverNamelessFile(file, path, size, access)
                : throw LinuxErrors.Corrupt(path, $"it has {status.Size:N0} bytes where a section of {size:N0} was offered", null, SharedObjectKind.Section);
        }
        SegmentDescription description = SegmentDescription.Read(file.Descriptor, status, path, null);
        if (description.BareName.Length == 0)
        {
            // Only what CreateAnonymous makes: a payload of its own, in this very file.
            return description is { Kind: SharedObjectKind.Section, IsOverFile: false } && description.Protection.Allows(access)
                ? new LinuxSection(file, null, description, InfoOf(description, null, SharedObjectScope.Local), access)
                : throw LinuxErrors.Corrupt(path, $"it is no section without a name that allows {access}", null, SharedObjectKind.Section);
        }

        var scope = path.StartsWith(ScopeDirectory.PathOf(SharedObjectScope.Global) + "/", StringComparison.Ordinal)
            ? SharedObjectScope.Global
            : SharedObjectScope.Local;
        ObjectDirectory directory = ObjectDirectory.Of(scope, create: false)
            ?? throw LinuxErrors.Corrupt(path, $"the directory {ScopeDirectory.PathOf(scope)} of its scope is gone", description.BareName);
        file = directory.Join(file, description.BareName, access.WritesThrough());
        return OpenFound(file, description, ObjectName.Found(scope, description.BareName), access, SharedObjectKind.Section);
    }

    private static LinuxSection CreateAnonymous(in ObjectDraft draft)
    {
        string what = draft.Describe(null);
        uint flags = Native.MemFdCloseOnExec | Native.MemFdAllowSealing;
        int descriptor;
        fixed (byte* label = "samepage"u8)
        {
            descriptor = LibC.MemFdCreate(label, flags | (draft.Protection.Executes() ? Native.MemFdExecutable : 0));
            if (descriptor < 0 && LinuxErrors.Last == Errno.EINVAL)
                descriptor = LibC.MemFdCreate(label, flags);    // before 6.3 every memfd may be executed
        }
        if (descriptor < 0)
            throw LinuxErrors.Translate("memfd_create", LinuxErrors.Last, $"Creating {what}", null, SharedObjectKind.Section);
        var file = new ObjectFile(descriptor);
        try
        {
            ObjectContents.Write(descriptor, draft, null);
            if (LibC.Fcntl(descriptor, Native.AddSeals, Native.SealShrink) != 0)
                throw LinuxErrors.Translate("fcntl F_ADD_SEALS", LinuxErrors.Last, $"Sealing {what}", null, SharedObjectKind.Section);
            SegmentDescription description = SegmentDescription.Of(draft, null);
            return new LinuxSection(file, null, description, InfoOf(description, null, SharedObjectScope.Local), draft.Protection);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static LinuxSection CreateOverFile(ObjectName? name, in SectionRequest request, bool openExisting, out bool created)
    {
        MemoryAccess access = request.Options.Protection;
        ObjectFile content = BackingFile.Open(request, out string path, out FileStatus status);
        try
        {
            long size = BackingFile.Fit(content.Descriptor, path, status, request, name?.Full);
            created = true;
            if (name is not { } given)
                return OverNamelessFile(content, path, size, access);

            ObjectDraft draft = DraftOf(request, size) with
            {
                Flags = SegmentFlags.DiskFile,
                CommittedLength = size,
                BackingPath = path,
                BackingDevice = status.Device,
                BackingInode = status.Inode,
            };
            ObjectFile holder = ObjectDirectory.Of(given.Scope, create: true)!
                .CreateOrOpen(given, draft, openExisting, out SegmentDescription description, out created);
            content.Dispose();
            return OpenFound(holder, description, given, description.Protection, SharedObjectKind.Section);
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    private static LinuxSection OpenFound(
        ObjectFile file, SegmentDescription description, ObjectName name, MemoryAccess access, SharedObjectKind kind)
    {
        try
        {
            if (description.Kind != kind)
                throw WrongKind.Of(name, description.Kind, kind);
            if (!description.Protection.Allows(access))
            {
                throw new SharedObjectException(FailureReason.AccessDenied,
                    $"Section \"{name}\" was made for {description.Protection} and cannot be opened for {access}.", name.Full, SharedObjectKind.Section);
            }
            if (!description.IsOverFile)
                return new LinuxSection(file, file, description, InfoOf(description, name.Full, name.Scope), access);
            ObjectFile content = BackingFile.Reopen(description, name, access);
            return new LinuxSection(content, file, description, InfoOf(description, name.Full, name.Scope), access);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A section over a disk file that has no name, and so no header that would say anything about it.</summary>
    private static LinuxSection OverNamelessFile(ObjectFile content, string path, long size, MemoryAccess access)
    {
        var info = new SharedObjectInfo
        {
            Name = null,
            Kind = SharedObjectKind.Section,
            Scope = SharedObjectScope.Local,
            Size = size,
            Protection = access,
            BackingFile = path,
            CreatorProcessId = Environment.ProcessId,
        };
        return new LinuxSection(content, null, null, info, access);
    }

    private static ObjectDraft DraftOf(in SectionRequest request, long size) => new()
    {
        Kind = request.Kind,
        Flags = (request.Options.Reserve ? SegmentFlags.Reserve : 0) | (request.Options.LargePages ? SegmentFlags.LargePages : 0),
        Access = request.Options.Access,
        Protection = request.Options.Protection,
        PayloadLength = size,
        CommittedLength = request.Options.Reserve ? request.Options.InitialCommit : size,
    };

    public static SharedObjectInfo InfoOf(SegmentDescription description, string? name, SharedObjectScope scope) => new()
    {
        Name = name,
        Kind = description.Kind,
        Scope = scope,
        Size = description.PayloadLength,
        CommittedSize = description.CommittedLength,
        Protection = description.Protection,
        BackingFile = description.BackingPath,
        Created = description.Created,
        CreatorProcessId = description.CreatorProcessId,
        CreatorProgram = description.Program,
        ResidentBytes = description.AllocatedBytes,
    };

    private static string PathOf(int descriptor) =>
        new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget ?? $"descriptor {descriptor}";
}
