namespace Samepage.Layout;

/// <summary>The state of a message in a queue: the first eight bytes of its record's payload; the message follows.</summary>
/// <remarks>
/// <code>
///  63                    32 31 30 29           16 15             0
///  +-----------------------+--+--+---------------+---------------+
///  | how often delivered   | F| O| zero          | receiver + 1  |
///  +-----------------------+--+--+---------------+---------------+
///  | message
///  +-----------------
/// </code>
/// Low half zero: it waits. A receiver's number: that one has it; O: it was given once and for all, and is not given to another when the receiver dies.
/// F: it is finished, and its room may be given up.
/// </remarks>
internal static class QueueRecord
{
    public const int Length = 8;
    public const uint Finished = 0x8000_0000;
    public const uint Once = 0x4000_0000;

    private const uint ReceiverMask = 0xFFFF;
    private const int CountShift = 32;

    public static uint TakenBy(int receiver, bool once) => (uint)receiver + 1 | (once ? Once : 0);

    public static bool IsWaiting(ulong state) => (uint)state == 0;

    public static bool IsFinished(ulong state) => ((uint)state & Finished) != 0;

    public static bool IsTakenBy(ulong state, int receiver) => !IsFinished(state) && ((uint)state & ReceiverMask) == (uint)receiver + 1;

    /// <summary>-1: nobody has it.</summary>
    public static int ReceiverOf(ulong state) => IsFinished(state) ? -1 : (int)((uint)state & ReceiverMask) - 1;

    public static bool IsOnce(ulong state) => ((uint)state & Once) != 0;

    public static int DeliveriesOf(ulong state) => (int)Math.Min(state >> CountShift, int.MaxValue);

    /// <summary>One delivery more.</summary>
    public static ulong Delivered(ulong state, uint taken) => (state >> CountShift) + 1 << CountShift | taken;

    /// <summary>Nobody has it; the deliveries count.</summary>
    public static ulong Returned(ulong state) => state >> CountShift << CountShift;
}
