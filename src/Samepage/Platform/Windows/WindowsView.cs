using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>A mapped range of a section. It keeps the section's handle, and so its name, for as long as it is mapped (W13, W19).</summary>
internal sealed unsafe class WindowsView : ViewBackend
{
    private readonly WindowsSection _section;
    private readonly SectionHandle _handle;
    private readonly ViewRequest _request;
    private nint _mapping;

    private WindowsView(WindowsSection section, SectionHandle handle, in ViewRequest request, nint mapping)
    {
        _section = section;
        _handle = handle;
        _request = request;
        _mapping = mapping;
        Address = mapping + (nint)(request.Offset % Win32.Granularity);
    }

    ~WindowsView() => Unmap();

    public override nint Address { get; }

    public override long Length => _request.Length;

    private static nint PageMask => Environment.SystemPageSize - 1;

    public static WindowsView Map(WindowsSection section, in ViewRequest request)
    {
        // The system maps from multiples of its granularity: the mapping begins at the one before the view.
        nint lead = (nint)(request.Offset % Win32.Granularity);
        long start = request.Offset - lead;
        nint wish = request.Address == 0 ? 0 : request.Address - lead;
        if (wish % Win32.Granularity != 0)
        {
            throw new SharedObjectException(FailureReason.OutOfRange,
                $"A view from offset {request.Offset:N0} cannot begin at address 0x{request.Address:X}: address and offset must lie alike within {Win32.Granularity:N0} bytes.",
                section.Name, SharedObjectKind.Section);
        }
        // The upper half is the kernel's. Wine says yes to it, and maps nothing there.
        if (wish < 0)
            throw MapFailed(section, request, Win32Error.InvalidAddress);
        SectionHandle handle = section.Handle;
        bool held = false;
        handle.DangerousAddRef(ref held);
        try
        {
            nint mapping = Kernel32.MapViewOfFile(handle.Value, ProtectionBits.View(request.Access),
                (uint)(start >> 32), (uint)start, (nuint)request.Length + (nuint)lead, wish);
            if (mapping == 0)
                throw MapFailed(section, request, WindowsErrors.Last);
            var view = new WindowsView(section, handle, request, mapping);
            held = false;
            return view;
        }
        finally
        {
            if (held)
                handle.DangerousRelease();
        }
    }

    /// <summary>Where so many bytes are free at this moment.</summary>
    public static nint FindFreeAddress(long length, string? section)
    {
        nint address = Kernel32.VirtualAlloc(0, (nuint)length, Win32.MemoryReserve, Win32.PageNoAccess);
        if (address == 0)
            throw WindowsErrors.Translate("VirtualAlloc", WindowsErrors.Last, $"Finding {length:N0} bytes of free address space for a view of section \"{section}\"", section, SharedObjectKind.Section);
        _ = Kernel32.VirtualFree(address, 0, Win32.MemoryRelease);
        return address;
    }

    public override void Flush(long offset, long length)
    {
        (nint start, nuint bytes) = Pages(offset, length);
        if (Kernel32.FlushViewOfFile(start, bytes) == 0)
            throw Failed("FlushViewOfFile", "Flushing");
        // The system has the bytes now; the disk has them after this. A handle for reading cannot ask for it, and has nothing to write.
        if (_handle.File is { } file && _request.Access.WritesThrough() && Kernel32.FlushFileBuffers(file) == 0)
            throw Failed("FlushFileBuffers", "Flushing");
    }

    public override void Protect(long offset, long length, MemoryAccess access)
    {
        (nint start, nuint bytes) = Pages(offset, length);
        uint before;
        if (Kernel32.VirtualProtect(start, bytes, ProtectionBits.Page(access), &before) == 0)
            throw Failed("VirtualProtect", "Changing the protection of");
    }

    public override void Lock(long offset, long length)
    {
        (nint start, nuint bytes) = Pages(offset, length);
        if (Kernel32.VirtualLock(start, bytes) != 0)
            return;
        throw WindowsErrors.Translate("VirtualLock", WindowsErrors.Last,
            $"Pinning {bytes:N0} bytes of section \"{_section.Name}\" in physical memory", _section.Name, SharedObjectKind.Section,
            WindowsErrors.Last == Win32Error.WorkingSetQuota
                ? "it is more than this process may pin. Raise its least working set (Process.MinWorkingSet), or pin less."
                : null);
    }

    public override void Unlock(long offset, long length)
    {
        (nint start, nuint bytes) = Pages(offset, length);
        if (Kernel32.VirtualUnlock(start, bytes) == 0 && WindowsErrors.Last != Win32Error.NotLocked)
            throw Failed("VirtualUnlock", "Unpinning");
    }

    public override void Prefetch(long offset, long length)
    {
        // What is only reserved cannot be brought in.
        length = Math.Min(length, _section.CommittedSize - _request.Offset - offset);
        if (length <= 0)
            return;
        (nint start, nuint bytes) = Pages(offset, length);
        PageIn.Range(start, bytes);
    }

    public override MemoryRegion Query(long offset)
    {
        ObjectDisposedException.ThrowIf(_mapping == 0, this);
        nint at = Address + (nint)offset;
        ViewPages.Run run = ViewPages.Around(at, Address, Address + (nint)Length, _request.Access.IsPrivate());
        nint start = run.Start, end = run.End;
        bool committed = true;
        if (_section.CommittedSize < _section.Size)
        {
            nint boundary = (nint)Math.Clamp(Address + (_section.CommittedSize - _request.Offset), start, end);
            committed = at < boundary;
            (start, end) = committed ? (start, boundary) : (boundary, end);
        }
        return new MemoryRegion(start - Address, end - start, start, run.Access, committed, committed ? ViewPages.Resident(start, end) : 0);
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
        _ = Kernel32.UnmapViewOfFile(mapping);
        _handle.DangerousRelease();
    }

    /// <summary>The whole pages around a range.</summary>
    private (nint Start, nuint Length) Pages(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_mapping == 0, this);
        nint first = (Address + (nint)offset) & ~PageMask;
        return (first, (nuint)(Address + (nint)offset + (nint)length - first));
    }

    private SharedObjectException Failed(string call, string doing) => WindowsErrors.Translate(
        call, WindowsErrors.Last, $"{doing} a view of section \"{_section.Name}\"", _section.Name, SharedObjectKind.Section);

    private static SharedObjectException MapFailed(WindowsSection section, in ViewRequest request, int error)
    {
        string? name = section.Name;
        string what = $"Mapping {request.Length:N0} bytes of section \"{name}\" from offset {request.Offset:N0} for {request.Access}";
        // Beyond user space, the system calls the address a wrong parameter.
        return request.Address != 0 && error is Win32Error.InvalidAddress or Win32Error.InvalidParameter
            ? new SharedObjectException(FailureReason.AddressInUse,
                $"{what} at address 0x{request.Address:X} failed: something else is mapped there, or no process has these addresses. Choose another address, or let the system choose.",
                name, SharedObjectKind.Section, "MapViewOfFileEx", error)
            : WindowsErrors.Translate("MapViewOfFileEx", error, what, name, SharedObjectKind.Section);
    }
}
