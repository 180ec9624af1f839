using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform;

namespace Samepage;

/// <summary>What the users of a reader-writer lock tell each other. For whoever has the turn, which orders all of it.</summary>
internal sealed class ReaderWriterMemory(ObjectName name, MemoryView view)
{
    private ref ReaderWriterState State => ref view.GetReference<ReaderWriterState>();

    // SYNC(writing): pairs with the release in EndWriting.
    public bool IsWriting => SharedAtomics.Acquire(ref State.Writing) != 0;

    /// <summary>At most <paramref name="most"/>.</summary>
    public int Places(int most)
    {
        uint places = SharedAtomics.Acquire(ref State.Places);
        return places <= most ? (int)places : throw Corrupt($"it claims {places:N0} places for readers, and there are at most {most:N0}");
    }

    public SharedAccess Access
    {
        get
        {
            var access = (SharedAccess)SharedAtomics.Acquire(ref State.Access);
            return SharedWaitable.IsPossible(access, name.Scope) ? access : throw Corrupt($"it claims the access {access}, which it cannot have");
        }
    }

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

    private SharedObjectException Corrupt(string what) => new(FailureReason.Corrupt,
        $"The reader-writer lock \"{name.Full}\" is damaged: {what}. Somebody wrote into its memory: let all its users end.", name.Full, SharedObjectKind.ReaderWriterLock);
}
