using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>How much of a reserved section has memory behind it: a field of the header that everyone reads and whoever commits raises.</summary>
/// <remarks>
/// Memory is reserved before the field says so; a process that dies in between leaves memory that the next commit finds already there.
/// Views ask it after their section's handle was closed (W13), so the page goes with the garbage collection of the last of them.
/// </remarks>
internal sealed unsafe class CommittedCounter
{
    private readonly SharedObjectInfo _info;
    private readonly nint _page;

    public CommittedCounter(int descriptor, bool writable, SharedObjectInfo info)
    {
        _info = info;
        _page = LibC.MMap(0, (nuint)Environment.SystemPageSize,
            writable ? Native.ProtectionRead | Native.ProtectionWrite : Native.ProtectionRead, Native.MapShared, descriptor, 0);
        if (_page == -1)
        {
            GC.SuppressFinalize(this);
            throw LinuxErrors.Translate("mmap", LinuxErrors.Last, $"Mapping the header of section \"{info.Name}\"", info.Name, SharedObjectKind.Section);
        }
    }

    ~CommittedCounter() => _ = LibC.MUnmap(_page, (nuint)Environment.SystemPageSize);

    // SAFETY: the page is mapped until the finalizer runs, the offset is inside the header and aligned to 8.
    private ulong* Field => (ulong*)(_page + SegmentHeader.CommittedLengthOffset);

    public long Value
    {
        get
        {
            // SYNC(committed): pairs with the exchange in RaiseTo; what was reserved before is there.
            ulong value = SharedAtomics.Acquire(Field);
            GC.KeepAlive(this);
            return value <= (ulong)_info.Size
                ? (long)value
                : throw LinuxErrors.Corrupt(_info.Name ?? "anonymous section", $"its header claims {value:N0} committed bytes of {_info.Size:N0}", _info.Name);
        }
    }

    public void RaiseTo(long length)
    {
        while (Value is var seen && seen < length)
        {
            // SYNC(committed): pairs with the acquire in Value.
            if (!SharedAtomics.CompareExchange(Field, (ulong)seen, (ulong)length))
                continue;
            CrashSwitch.Reach(CrashPoint.CommitPublished);
            break;
        }
        GC.KeepAlive(this);
    }
}
