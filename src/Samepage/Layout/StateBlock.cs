namespace Samepage.Layout;

/// <summary>The state of a mutex, event or semaphore: the last 16 bytes before <see cref="SegmentHeader.PayloadOffsetOfEveryPageSize"/>.</summary>
/// <remarks>
/// <code>
/// 65520      65524      65528      65532      65536 (end of file)
///   +----------+----------+----------+----------+
///   | maximum  | reserved | wait     | second   |
///   |          | (zero)   | word     | half     |
///   +----------+----------+----------+----------+
/// </code>
/// The wait word is what waiters sleep on. It is the low half of a 64-bit pair, so that word and second half can change as one.
/// It stands at the very end of a page of any size, because the kernel finds the word from a list node at a fixed distance
/// (20 to 32 bytes after it): with the word here, the node falls into the next page, which each process makes its own and private.
/// No other process can then change a pointer that this one follows.
/// </remarks>
internal static class StateBlock
{
    public const int WaitWordOffset = (int)SegmentHeader.PayloadOffsetOfEveryPageSize - 8;
    public const int SecondHalfOffset = WaitWordOffset + 4;
    public const int MaximumOffset = WaitWordOffset - 8;
    public const long FileLength = SegmentHeader.PayloadOffsetOfEveryPageSize;
}
