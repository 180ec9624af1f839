namespace Samepage.Channels;

/// <summary>What a queue wants to know of itself.</summary>
/// <param name="word">Bits 0 to 7: what happens when it is full; 8 to 15: how many priorities; 16: it is a mailbox.</param>
internal readonly struct QueueMode(uint word)
{
    public const int MostPriorities = 8;

    private const uint MailboxBit = 0x1_0000;

    public QueueMode(QueueFullMode full, int priorities, bool isMailbox)
        : this((uint)full | (uint)priorities << 8 | (isMailbox ? MailboxBit : 0))
    {
    }

    public uint Word => word;

    public QueueFullMode Full => (QueueFullMode)(word & 0xFF);

    public int Priorities => (int)(word >> 8 & 0xFF);

    public bool IsMailbox => (word & MailboxBit) != 0;

    public bool IsPossible => word < 2 * MailboxBit && Enum.IsDefined(Full) && Priorities is >= 1 and <= MostPriorities;
}
