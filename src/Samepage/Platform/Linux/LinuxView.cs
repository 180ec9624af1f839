using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>A mapped range of a section. It keeps the section's name alive for as long as it is mapped (W13, W19).</summary>
internal sealed unsafe class LinuxView : ViewBackend
{
    private readonly LinuxSection _section;
    private readonly ObjectFile? _holder;
    private readonly ViewRequest _request;
    private readonly nuint _mappedLength;
    private nint _mapping;

    private LinuxView(LinuxSection section, ObjectFile? holder, in ViewRequest request, nint mapping, nuint mappedLength)
    {
        _section = section;
        _holder = holder;
        _request = request;
        _mapping = mapping;
        _mappedLength = mappedLength;
        Address = mapping + (nint)(mappedLength - (nuint)request.Length);
    }

    ~LinuxView() => Unmap();

    public override nint Address { get; }

    public override long Length => _request.Length;

    private static nint PageMask => Environment.SystemPageSize - 1;

    public static LinuxView Map(LinuxSection section, int descriptor, long payloadOffset, ObjectFile? holder, in ViewRequest request)
    {
        // The kernel maps whole pages: the mapping begins at the page in which the view begins.
        long start = payloadOffset + request.Offset;
        nint lead = (nint)start & PageMask;
        nuint mappedLength = (nuint)request.Length + (nuint)lead;
        if (request.Address != 0 && ((request.Address - lead) & PageMask) != 0)
        {
            throw new SharedObjectException(FailureReason.OutOfRange,
                $"A view from offset {request.Offset:N0} cannot begin at address 0x{request.Address:X}: address and offset must lie alike within a page of {Environment.SystemPageSize:N0} bytes.",
                section.Name, SharedObjectKind.Section);
        }

        bool held = false;
        holder?.DangerousAddRef(ref held);
        try
        {
            int flags = request.Access.IsPrivate() ? Native.MapPrivate : Native.MapShared;
            nint wish = 0;
            if (request.Address != 0)
            {
                wish = request.Address - lead;
                flags |= Native.MapFixedNoReplace;
            }
            nint mapping = LibC.MMap(wish, mappedLength, ProtectionOf(request.Access), flags, descriptor, start - lead);
            if (mapping == -1)
                throw MapFailed(section, request, LinuxErrors.Last);
            if (wish != 0 && mapping != wish)
            {
                // A kernel before 4.17 takes the wish as a hint.
                _ = LibC.MUnmap(mapping, mappedLength);
                throw MapFailed(section, request, Errno.EEXIST);
            }
            if (request.LargePages)
                _ = LibC.MAdvise(mapping, mappedLength, Native.AdviceHugePage);
            var view = new LinuxView(section, holder, request, mapping, mappedLength);
            held = false;
            return view;
        }
        finally
        {
            if (held)
                holder!.DangerousRelease();
        }
    }

    /// <summary>Where so many bytes are free at this moment.</summary>
    public static nint FindFreeAddress(long length, string? section)
    {
        nint address = LibC.MMap(0, (nuint)length, Native.ProtectionNone, Native.MapPrivate | Native.MapAnonymous | Native.MapNoReserve, -1, 0);
        if (address == -1)
            throw LinuxErrors.Translate("mmap", LinuxErrors.Last, $"Finding {length:N0} bytes of free address space for a view of section \"{section}\"", section, SharedObjectKind.Section);
        _ = LibC.MUnmap(address, (nuint)length);
        return address;
    }

    public override void Flush(long offset, long length)
    {
        (nint start, nuint bytes) = Pages(offset, length);
        if (LibC.MSync(start, bytes, Native.SyncNow) != 0)
            throw Failed("msync", "Flushing");
    }

    public override void Protect(long offset, long length, MemoryAccess access)
    {
        (nint start, nuint bytes) = Pages(offset, length);
        if (LibC.MProtect(start, bytes, ProtectionOf(access)) != 0)
            throw Failed("mprotect", "Changing the protection of");
    }

    public override void Lock(long offset, long length)
    {
        (nint start, nuint bytes) = Pages(offset, length);
        if (LibC.MLock(start, bytes) != 0)
        {
            throw LinuxErrors.Translate("mlock", LinuxErrors.Last == Errno.EAGAIN ? Errno.ENOMEM : LinuxErrors.Last,
                $"Pinning {bytes:N0} bytes of section \"{_section.Name}\" in physical memory", _section.Name, SharedObjectKind.Section,
                "it is more than this process may pin. Raise ulimit -l, or pin less.");
        }
    }

    public override void Unlock(long offset, long length)
    {
        (nint start, nuint bytes) = Pages(offset, length);
        if (LibC.MUnlock(start, bytes) != 0)
            throw Failed("munlock", "Unpinning");
    }

    public override void Prefetch(long offset, long length)
    {
        (nint start, nuint bytes) = Pages(offset, length);
        if (LibC.MAdvise(start, bytes, Native.AdvicePopulateRead) == 0)
            return;
        // Before 5.14 there is only the advice to read ahead.
        if (LinuxErrors.Last != Errno.EINVAL || LibC.MAdvise(start, bytes, Native.AdviceWillNeed) != 0)
            throw Failed("madvise", "Prefetching");
    }

    public override MemoryRegion Query(long offset)
    {
        ObjectDisposedException.ThrowIf(_mapping == 0, this);
        nint at = Address + (nint)offset;
        ProcessMaps.Entry entry = ProcessMaps.Find(at);
        nint start = Math.Max(entry.Start, Address);
        nint end = Math.Min(entry.End, Address + (nint)Length);
        bool committed = true;
        if (_section.CommittedSize < _section.Size)
        {
            nint boundary = Math.Clamp(Address + (nint)(_section.CommittedSize - _request.Offset), start, end);
            committed = at < boundary;
            (start, end) = committed ? (start, boundary) : (boundary, end);
        }
        return new MemoryRegion(start - Address, end - start, start, entry.Access, committed, Resident(start, end));
    }

    public override void Dispose()
    {
        Unmap();
        GC.SuppressFinalize(this);
    }

    private void Unmap()
    {
        nint mapping = Atomics.SharedAtomics.Take(ref _mapping);
        if (mapping == 0)
            return;
        _ = LibC.MUnmap(mapping, _mappedLength);
        _holder?.DangerousRelease();
    }

    /// <summary>The whole pages around a range.</summary>
    private (nint Start, nuint Length) Pages(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_mapping == 0, this);
        nint first = (Address + (nint)offset) & ~PageMask;
        return (first, (nuint)(Address + (nint)offset + (nint)length - first));
    }

    private static long Resident(nint start, nint end)
    {
        nint first = start & ~PageMask;
        int pageSize = Environment.SystemPageSize;
        const int Chunk = 4096;
        byte* pages = stackalloc byte[Chunk];
        long resident = 0;
        for (nint at = first; at < end; at += Chunk * pageSize)
        {
            nint bytes = Math.Min(end - at, (nint)Chunk * pageSize);
            if (LibC.MInCore(at, (nuint)bytes, pages) != 0)
                return resident;
            for (int i = 0; i < (bytes + pageSize - 1) / pageSize; i++)
                resident += (pages[i] & 1) * (long)pageSize;
        }
        return resident;
    }

    private static int ProtectionOf(MemoryAccess access) =>
        Native.ProtectionRead
        | (access.CanWrite() ? Native.ProtectionWrite : 0)
        | (access.Executes() ? Native.ProtectionExecute : 0);

    /// <summary>True for a wish beyond user space, or in the lowest pages, which are kept free to catch null pointers.</summary>
    private static bool IsNobodysAddress(in ViewRequest request) =>
        request.Address != 0 && ((ulong)request.Address >= (1UL << 47) - (ulong)request.Length || request.Address < 1 << 16);

    private SharedObjectException Failed(string call, string doing) => LinuxErrors.Translate(
        call, LinuxErrors.Last, $"{doing} a view of section \"{_section.Name}\"", _section.Name, SharedObjectKind.Section);

    private static SharedObjectException MapFailed(LinuxSection section, in ViewRequest request, int error)
    {
        string? name = section.Name;
        string what = $"Mapping {request.Length:N0} bytes of section \"{name}\" from offset {request.Offset:N0} for {request.Access}";
        return error switch
        {
            Errno.ENOMEM or Errno.EPERM when IsNobodysAddress(request) => new SharedObjectException(FailureReason.AddressInUse,
                $"{what} at address 0x{request.Address:X} failed: the system keeps these addresses from every process. Choose another, or let the system choose.",
                name, SharedObjectKind.Section, "mmap", error),
            Errno.EEXIST => new SharedObjectException(FailureReason.AddressInUse,
                $"{what} at address 0x{request.Address:X} failed: something else is mapped there. Choose another address, or let the system choose.",
                name, SharedObjectKind.Section, "mmap", error),
            Errno.EPERM when request.Access.Executes() => LinuxErrors.Translate("mmap", error, what, name, SharedObjectKind.Section,
                $"the file system is mounted without permission to execute (noexec). Put the objects elsewhere with {ScopeDirectory.RootVariable}."),
            _ => LinuxErrors.Translate("mmap", error, what, name, SharedObjectKind.Section),
        };
    }
}
