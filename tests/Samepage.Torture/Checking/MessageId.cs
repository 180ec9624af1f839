namespace Samepage.Torture.Checking;

/// <summary>A message says who sent it, by which lane, and which one it is there.</summary>
internal static class MessageId
{
    private const int NumberBits = 32, LaneBits = 15;

    public static long Of(int actor, int lane, uint number) => (long)actor << (LaneBits + NumberBits) | (long)lane << NumberBits | number;

    public static long InStream(long stream, uint number) => stream << NumberBits | number;

    /// <summary>Messages of the same stream have an order.</summary>
    public static long StreamOf(long id) => id >> NumberBits;

    public static int ActorOf(long id) => (int)(id >> (LaneBits + NumberBits));

    public static int LaneOf(long id) => (int)(id >> NumberBits) & ((1 << LaneBits) - 1);

    public static uint NumberOf(long id) => (uint)id;

    public static string Text(long id) => $"{ActorOf(id)}/{LaneOf(id)}/{NumberOf(id)}";
}
