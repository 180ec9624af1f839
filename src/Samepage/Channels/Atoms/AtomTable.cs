using System.Diagnostics.CodeAnalysis;

namespace Samepage.Channels;

/// <summary>Strings as 16-bit numbers, the same for everybody who has the table open (W44; Windows: global atoms).</summary>
/// <remarks>
/// An atom is there while it was added more often than deleted, by processes that live: what a dead process added is taken back by whoever changes
/// the table next, and nobody finds it meanwhile. Upper and lower case are one. The table lives while anyone holds a handle of it (W19). It is a
/// <see cref="Cell"/>: who looks waits for nobody. It is meant to be small: each change writes all of it anew. All members may be called from any thread at
/// the same time, but for <see cref="Dispose"/>, which comes last.
/// </remarks>
public sealed class AtomTable : IDisposable
{
    private const string Type = "atoms";

    private readonly Cell _cell;

    private AtomTable(Cell cell) => _cell = cell;

    /// <summary>The name.</summary>
    public string Name => _cell.Name;

    /// <summary>Makes the table, or opens the one that has the name.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/> (W08).</param>
    /// <param name="capacity">If it is new: its bytes at most. An atom takes 24, two for each character, and 16 for each process that has added it.</param>
    /// <param name="access">If it is new: who may open it (W20).</param>
    /// <exception cref="SharedObjectException">
    /// <see cref="FailureReason.WrongKind"/>: the name is another object's (W07). <see cref="FailureReason.VersionMismatch"/>: it is a cell and no table of
    /// atoms. <see cref="FailureReason.LimitReached"/>: 255 have it open.
    /// </exception>
    public static AtomTable CreateOrOpen(string name, int capacity = 1 << 20, SharedAccess access = SharedAccess.User) =>
        new(Cell.CreateOrOpen(name, Type, new CellOptions { Capacity = capacity, Access = access, MaxReaders = 255, MaxWriters = 255 }));

    /// <summary>Adds a string, or counts it once more if it is there (Windows: GlobalAddAtom).</summary>
    /// <param name="name">1 to 255 characters. #1 to #49151 are the atoms of these numbers, which are always there.</param>
    /// <returns>Its atom: 0xC000 or above for a string.</returns>
    /// <exception cref="ArgumentException">It is no atom's name.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.LimitReached"/>: the table is full.</exception>
    public ushort Add(string name)
    {
        AtomName.Check(name);
        if (AtomName.IsNumber(name, out int number))
            return (ushort)number;
        ushort atom = 0;
        try
        {
            Change((list, life) => (atom = list.Add(name, life)) != 0);
        }
        catch (ArgumentException)
        {
            throw Full();
        }
        return atom != 0 ? atom : throw Full();
    }

    /// <summary>The atom of a string (Windows: GlobalFindAtom).</summary>
    /// <param name="name">1 to 255 characters, or a number as for <see cref="Add"/>.</param>
    /// <param name="atom">Its atom, or 0.</param>
    /// <returns>False: it is not there.</returns>
    /// <exception cref="ArgumentException">It is no atom's name.</exception>
    public bool TryFind(string name, out ushort atom)
    {
        AtomName.Check(name);
        if (!AtomName.IsNumber(name, out int number))
            return Look().TryFind(name, out atom);
        atom = (ushort)number;
        return true;
    }

    /// <summary>Takes one count of an atom away, one of this process's if it has any; with the last it is gone (Windows: GlobalDeleteAtom).</summary>
    /// <param name="atom">The atom; of a number, nothing happens.</param>
    /// <returns>False: it is not there.</returns>
    public bool Delete(ushort atom)
    {
        if (atom is not 0 and < AtomName.FirstOfStrings)
            return true;
        bool deleted = false;
        if (Look().NameOf(atom) is not null)
            Change((list, life) => deleted = list.Delete(atom, life));
        return deleted;
    }

    /// <summary>The string of an atom, as it was first written (Windows: GlobalGetAtomName).</summary>
    /// <param name="atom">The atom.</param>
    /// <param name="name">The string; # and the number for one that is a number.</param>
    /// <returns>False: it is not there.</returns>
    public bool TryGetName(ushort atom, [NotNullWhen(true)] out string? name)
    {
        name = atom is not 0 and < AtomName.FirstOfStrings ? AtomName.OfNumber(atom) : Look().NameOf(atom);
        return name is not null;
    }

    /// <summary>Closes this handle. What this process added stays, while it lives and anyone has the table open.</summary>
    public void Dispose() => _cell.Dispose();

    private PeerLives Lives => _cell.Core.Channel.Lives;

    private AtomList Look() => AtomList.Read(_cell.ToArray(), Name, Lives.IsAliveNow);

    private void Change(Func<AtomList, ulong, bool> change) => _cell.Update((Table: this, change), static (latest, given) =>
    {
        AtomList list = AtomList.Read(latest, given.Table.Name, given.Table.Lives.IsAliveNow);
        return given.change(list, given.Table.Lives.Own) ? list.ToBytes() : latest;
    });

    private SharedObjectException Full() => new(FailureReason.LimitReached,
        $"\"{Name}\" has no room for another atom. Delete some, or make it larger when it is made anew.", Name, SharedObjectKind.Cell);
}
