namespace Samepage.Layout;

/// <summary>Bits of <see cref="SegmentHeader.Flags"/>.</summary>
[Flags]
internal enum SegmentFlags : uint
{
    None = 0,

    /// <summary>The section is reserved: only <see cref="SegmentHeader.CommittedLength"/> bytes of it have memory behind them.</summary>
    Reserve = 1 << 0,

    /// <summary>The payload is another file, named by path, device and inode.</summary>
    DiskFile = 1 << 1,

    /// <summary>The event stays set until it is reset.</summary>
    ManualReset = 1 << 2,

    /// <summary>The section asked for large pages.</summary>
    LargePages = 1 << 3,

    All = Reserve | DiskFile | ManualReset | LargePages,
}
