namespace Samepage.Layout;

/// <summary>The state of a mutex, event or semaphore: the last 48 bytes before <see cref="SegmentHeader.PayloadOffsetOfEveryPageSize"/>.</summary>
/// <remarks>
/// <code>
/// 65488           65496           65504      65508      65512      65516      65520      65524      65528      65532      65536 (end of file)
///   +-- claim record ---------------------------+--------+----------+----------+----------+----------+----------+----------+
///   | journal       | number        | abandoned | (zero) | claim    | gener-   | maximum  | reserved | wait     | second   |
///   |               |               |           |        | word     | ation    |          | (zero)   | word     | half     |
///   +---------------+---------------+-----------+--------+----------+----------+----------+----------+----------+----------+
/// </code>
/// In a lock that flows hold, <see cref="LockPlace.Count"/> places of its holders come before, from 61440 on.
/// The wait word is what waiters sleep on. It is the low half of a 64-bit pair, so that word and second half can change as one.
/// The claim is a mutex of its own, laid out as that of a <see cref="MutexWord"/>: held for a moment by a wait for all, which leaves in the record
/// under which number of which journal it decides.
/// Both words stand at the very end of a page of any size, because the kernel finds a word from a list node at a fixed distance
/// (32 bytes after it): with the words here, the nodes fall into the next page, which each process makes its own and private.
/// No other process can then change a pointer that this one follows.
/// </remarks>
internal static class StateBlock
{
    public const int WaitWordOffset = (int)SegmentHeader.PayloadOffsetOfEveryPageSize - 8;
    public const int SecondHalfOffset = WaitWordOffset + 4;
    public const int MaximumOffset = WaitWordOffset - 8;
    public const int ClaimOffset = MaximumOffset - 8;
    public const int ClaimRecordOffset = ClaimOffset - 24;

    /// <summary>Lock: the places of its holders, from the beginning of the smallest page on.</summary>
    public const int LockPlacesOffset = (int)SegmentHeader.PayloadOffsetOfEveryPageSize - 4096;
    public const long FileLength = SegmentHeader.PayloadOffsetOfEveryPageSize;
}
