using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>How much of a reserved section has memory behind it: a field of the header that everyone reads and whoever commits raises.</summary>
/// <remarks>
/// Memory is reserved before the field says so; a process that dies in between leaves memory that the next commit finds already there.
/// </remarks>
internal sealed unsafe class CommittedCounter : IDisposable
{
    private readonly SharedObjectInfo _info;
    private nint _page;

    public CommittedCounter(int descriptor, bool writable, SharedObjectInfo info)
    {
        _info = info;
        _page = LibC.MMap(0, (nuint)Environment.SystemPageSize,
            writable ? Native.ProtectionRead | Native.ProtectionWrite : Native.ProtectionRead, Native.MapShared, descriptor, 0);
        if (_page == -1)
            throw LinuxErrors.Translate("mmap", LinuxErrors.Last, $"Mapping the header of section \"{info.Name}\"", info.Name, SharedObjectKind.Section);
    }

    // SAFETY: the page is mapped until Dispose, the offset is inside the header and aligned to 8.
    private ulong* Field
    {
        get
        {
            ObjectDisposedException.ThrowIf(_page == 0, typeof(SharedMemory));
            return (ulong*)(_page + SegmentHeader.CommittedLengthOffset);
        }
    }

    public long Value
    {
        get
        {
            // SYNC(committed): pairs with the exchange in RaiseTo; what was reserved before is there.
            ulong value = SharedAtomics.Acquire(Field);
            return value <= (ulong)_info.Size
                ? (long)value
                : throw LinuxErrors.Corrupt(_info.Name ?? "anonymous section", $"its header claims {value:N0} committed bytes of {_info.Size:N0}", _info.Name);
        }
    }

    public void RaiseTo(long length)
    {
        while (true)
        {
            long seen = Value;
            // SYNC(committed): pairs with the acquire in Value.
            if (seen >= length || SharedAtomics.CompareExchange(Field, (ulong)seen, (ulong)length))
                return;
        }
    }

    public void Dispose()
    {
        nint page = SharedAtomics.Take(ref _page);
        if (page != 0)
            _ = LibC.MUnmap(page, (nuint)Environment.SystemPageSize);
    }
}
