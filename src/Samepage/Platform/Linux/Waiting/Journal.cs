using System.Globalization;
using System.Text;
using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>Where this process writes down which of its waits for all have taken their objects: a section of its own, which the others may read.</summary>
/// <remarks>One store decides for all objects at once. Protocol: docs/design/waiting-for-several.md.</remarks>
internal sealed unsafe class Journal
{
    private const string Prefix = "samepage.journal.";

    private static readonly Lock _gate = new();
    private static readonly Journal?[] _own = new Journal?[2];

    private readonly ViewBackend _view;
    private readonly ulong[] _counts = new ulong[JournalSlot.Count];
    private readonly Stack<int> _free = new(Enumerable.Range(0, JournalSlot.Count).Reverse());

    private Journal(ulong id, ViewBackend view)
    {
        Id = id;
        _view = view;
    }

    public ulong Id { get; }

    /// <summary>This process's journal in a scope, made at its first use and kept until the process ends.</summary>
    public static Journal Of(SharedObjectScope scope)
    {
        lock (_gate)
            return _own[(int)scope] ??= New(scope);
    }

    /// <summary>True for the file name of a journal.</summary>
    public static bool IsNameOf(string fileName) => fileName.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>What a journal says of a number; a journal that is gone decided nothing.</summary>
    public static bool IsCommitted(ulong journal, ulong number)
    {
        int index = JournalSlot.IndexOf(number);
        if (index >= JournalSlot.Count)
            return false;
        foreach (SharedObjectScope scope in Enum.GetValues<SharedObjectScope>())
        {
            if (ReadSlot(scope, NameOf(journal), index) is { } slot && slot.Committed == number)
                return true;
        }
        return false;
    }

    /// <summary>
    /// True for a journal with an attempt that was decided, while an object still asks for it: nobody may remove it, though its process be dead.
    /// </summary>
    public static bool IsNeeded(int descriptor, ReadOnlySpan<byte> fileName)
    {
        if (!fileName.StartsWith("samepage.journal."u8)
            || !ulong.TryParse(Encoding.ASCII.GetString(fileName[Prefix.Length..].TrimEnd((byte)0)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong id))
            return false;
        JournalSlot[] slots = new JournalSlot[JournalSlot.Count];
        fixed (JournalSlot* s = slots)
        {
            if (LibC.PRead(descriptor, s, JournalSlot.Count * JournalSlot.Length, SlotOffset(0)) != JournalSlot.Count * JournalSlot.Length)
                return false;
        }
        return slots.Any(s => s.Committed != s.Finished) && AnyObjectAsksFor(id);
    }

    /// <summary>Null: there is no such journal. That it cannot be read is no answer.</summary>
    private static JournalSlot? ReadSlot(SharedObjectScope scope, string name, int index)
    {
        if (ObjectDirectory.ToLookAt(scope) is not { } directory)
            return null;
        int descriptor = directory.OpenByName(Encoding.ASCII.GetBytes(name + '\0'), Native.ReadOnly);
        if (descriptor < 0)
            return LinuxErrors.Last == Errno.ENOENT ? null : throw LinuxErrors.Translate("openat", LinuxErrors.Last, $"Reading \"{name}\", in which a process that died wrote what it had taken,", name);
        try
        {
            if (!ObjectDirectory.IsOurs(descriptor))
                return null;
            var slot = default(JournalSlot);
            // SYNC(journal): pairs with the release in Commit; the claim that came from the dead has ordered them.
            nint read = LibC.PRead(descriptor, &slot, JournalSlot.Length, SlotOffset(index));
            return read == JournalSlot.Length ? slot
                : read >= 0 ? null
                : throw LinuxErrors.Translate("pread", LinuxErrors.Last, $"Reading \"{name}\", in which a process that died wrote what it had taken,", name);
        }
        finally
        {
            _ = LibC.Close(descriptor);
        }
    }

    /// <summary>A number for one attempt; of none that is under way at the same time.</summary>
    public ulong Begin()
    {
        lock (_free)
        {
            if (!_free.TryPop(out int index))
            {
                throw new SharedObjectException(FailureReason.LimitReached,
                    $"{JournalSlot.Count:N0} threads of this process are just taking all of several objects at once; that is as many as can. Wait with fewer threads.");
            }
            return JournalSlot.Number(index, ++_counts[index]);
        }
    }

    /// <summary>From here on all objects of the attempt are taken.</summary>
    public void Commit(ulong number)
    {
        // SYNC(journal): pairs with the read in IsCommitted, should this process die now.
        SharedAtomics.Release(&SlotOf(number)->Committed, number);
        CrashSwitch.Reach(CrashPoint.AllDecided);
    }

    /// <summary>No object bears the mark of the attempt any more.</summary>
    public void End(ulong number)
    {
        JournalSlot* slot = SlotOf(number);
        SharedAtomics.Release(&slot->Finished, slot->Committed);
        CrashSwitch.Reach(CrashPoint.AllFinished);
        lock (_free)
            _free.Push(JournalSlot.IndexOf(number));
    }

    // SAFETY: the view is mapped until the process ends, and the index is one that Begin gave.
    private JournalSlot* SlotOf(ulong number) => (JournalSlot*)_view.Address + JournalSlot.IndexOf(number);

    private static long SlotOffset(int index) => SegmentHeader.PayloadOffsetOfEveryPageSize + index * JournalSlot.Length;

    private static string NameOf(ulong id) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{id:x16}");

    private static Journal New(SharedObjectScope scope)
    {
        ulong id = (ulong)Random.Shared.NextInt64();
        var options = new SharedMemoryOptions
        {
            Access = scope == SharedObjectScope.Global ? SharedAccess.EveryoneRead : SharedAccess.User,
        };
        const long Size = JournalSlot.Count * JournalSlot.Length;
        LinuxSection section = SectionFactory.Create(
            ObjectName.Found(scope, NameOf(id)), new SectionRequest(Size, options), openExisting: false, out _);
        return new Journal(id, section.Map(0, Size, MemoryAccess.ReadWrite, 0));
    }

    private static bool AnyObjectAsksFor(ulong journal)
    {
        const int Length = (int)StateBlock.FileLength - StateBlock.ClaimRecordOffset;
        byte* state = stackalloc byte[Length];
        foreach (SharedObjectScope scope in Enum.GetValues<SharedObjectScope>())
        {
            if (ObjectDirectory.ToLookAt(scope) is not { } directory)
                continue;
            foreach (string fileName in directory.FileNames().Where(n => !IsNameOf(n) && !n.StartsWith('.')))
            {
                int descriptor = directory.OpenByName(Encoding.UTF8.GetBytes(fileName + '\0'), Native.ReadOnly);
                if (descriptor < 0)
                {
                    // What cannot be looked at may ask; a link or a directory does not.
                    if (LinuxErrors.Last is Errno.ENOENT or Errno.ELOOP)
                        continue;
                    return true;
                }
                bool asks = ObjectDirectory.IsOurs(descriptor)
                    && LibC.PRead(descriptor, state, Length, StateBlock.ClaimRecordOffset) == Length
                    && ((ClaimRecord*)state)->Journal == journal
                    && SignalWord.IsWithheld(*(ulong*)(state + (StateBlock.WaitWordOffset - StateBlock.ClaimRecordOffset)));
                _ = LibC.Close(descriptor);
                if (asks)
                    return true;
            }
        }
        return false;
    }
}
