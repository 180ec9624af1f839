namespace Samepage;

/// <summary>A run of pages of a view that are in the same state (W17).</summary>
/// <param name="Offset">Where the run begins, in bytes from the start of the view.</param>
/// <param name="Length">How long it is, in bytes.</param>
/// <param name="Address">The address at which it begins in this process.</param>
/// <param name="Access">What may be done with it now, or null when it may not be touched at all.</param>
/// <param name="IsCommitted">True when there is memory behind it, false when it is only reserved.</param>
/// <param name="ResidentBytes">How much of it is in physical memory at this moment.</param>
public readonly record struct MemoryRegion(
    long Offset, long Length, nint Address, MemoryAccess? Access, bool IsCommitted, long ResidentBytes);
