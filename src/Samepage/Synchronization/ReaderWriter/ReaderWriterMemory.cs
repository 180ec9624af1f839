using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage;

/// <summary>What the users of a reader-writer lock tell each other. For whoever has the turn, which orders all of it.</summary>
internal sealed class ReaderWriterMemory(MemoryView view)
{
    private ref ReaderWriterState State => ref view.GetReference<ReaderWriterState>();

    // SYNC(writing): pairs with the release in EndWriting.
    public bool IsWriting => SharedAtomics.Acquire(ref State.Writing) != 0;

    public uint Places => SharedAtomics.Acquire(ref State.Places);

    public SharedAccess Access => (SharedAccess)SharedAtomics.Acquire(ref State.Access);

    public void SetAccess(SharedAccess access)
    {
        SharedAtomics.Release(ref State.Access, (uint)access);
        CrashSwitch.Reach(CrashPoint.AccessNoted);
    }

    public void RaisePlaces(uint places)
    {
        SharedAtomics.Release(ref State.Places, places);
        CrashSwitch.Reach(CrashPoint.ReaderPlaceRaised);
    }

    /// <summary>Nothing that the writer writes from now on can be seen before this.</summary>
    public void BeginWriting()
    {
        _ = SharedAtomics.CompareExchange(ref State.Writing, 0, 1);
        CrashSwitch.Reach(CrashPoint.WriterMarked);
    }

    /// <summary>All that the writer wrote can be seen before this.</summary>
    public void EndWriting()
    {
        // SYNC(writing): pairs with the acquire in IsWriting.
        SharedAtomics.Release(ref State.Writing, 0);
        CrashSwitch.Reach(CrashPoint.WriterCleared);
    }
}
