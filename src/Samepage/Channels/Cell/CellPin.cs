using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>The pin of a reader's place: by it a reader that was overtaken keeps a slot. Whichever comes first fills it in, the reader or the next writer.</summary>
/// <param name="block">Address of the <see cref="ReaderBlock"/>; the owner of this value keeps it mapped.</param>
internal readonly unsafe struct CellPin(nint block)
{
    public static CellPin Of(ChannelMemory memory, int reader) => new(memory.ReaderAt(reader).Address);

    private ulong* Word => (ulong*)(block + ReaderBlock.PinOffset);

    // SYNC(pin): pairs with the exchanges in Ask, Take and Give, and with the release in Leave.
    public ulong Kept => SharedAtomics.Acquire(Word);

    /// <summary>By the reader of the entry that this asks for, which then looks what is the latest. No writer that looks here later overwrites that before it has answered.</summary>
    public void Ask(ulong asked)
    {
        // SYNC(pin): pairs with the acquire in Kept; a full fence stands on both sides.
        SharedAtomics.Exchange(Word, asked);
        CrashSwitch.Reach(CrashPoint.CellPinAsked);
    }

    /// <summary>By the reader: keeps what it saw, unless a writer was faster.</summary>
    /// <returns>What it keeps.</returns>
    public ulong Take(ulong asked, ulong latest)
    {
        // SYNC(pin): pairs with the acquire in Kept.
        ulong kept = SharedAtomics.CompareExchange(Word, asked, latest) ? latest : Kept;
        CrashSwitch.Reach(CrashPoint.CellPinTaken);
        return kept;
    }

    /// <summary>By a writer that has the turn, before it overwrites anything: what it is about to replace is the answer.</summary>
    public void Give(ulong asked, ulong latest)
    {
        // SYNC(pin): pairs with the acquire in Kept.
        _ = SharedAtomics.CompareExchange(Word, asked, latest);
        CrashSwitch.Reach(CrashPoint.CellPinGiven);
    }

    /// <summary>By the reader, or by who has taken a dead one's place.</summary>
    public void Leave()
    {
        // SYNC(pin): pairs with the acquire in Kept: what was read here comes before what is written next.
        SharedAtomics.Release(Word, CellPinWord.None);
        CrashSwitch.Reach(CrashPoint.CellPinLeft);
    }
}
