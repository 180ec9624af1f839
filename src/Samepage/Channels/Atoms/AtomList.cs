using System.Buffers;

namespace Samepage.Channels;

/// <summary>The atoms of a table, as its cell has them: for each its string, and how often each process that lives has added it.</summary>
internal sealed class AtomList
{
    private readonly SortedDictionary<ushort, (string Name, Dictionary<ulong, ulong> Counts)> _atoms = [];
    private readonly Dictionary<string, ushort> _byName = new(AtomName.Comparer);

    /// <param name="value">That of the cell.</param>
    /// <param name="table">The name of the table.</param>
    /// <param name="isAlive">Of whom the counts are to be kept; an atom that none is left of is not there.</param>
    public static AtomList Read(ReadOnlySpan<byte> value, string table, Func<ulong, bool> isAlive)
    {
        var list = new AtomList();
        var fields = new FieldReader(value, table);
        while (!fields.IsAtEnd)
        {
            ulong atom = fields.Number();
            string name = fields.Text();
            var counts = new Dictionary<ulong, ulong>();
            for (ulong holders = fields.Number(); holders > 0; holders--)
            {
                ulong life = fields.Number(), count = fields.Number();
                if (isAlive(life))
                    counts[life] = count;
            }
            if (atom is < AtomName.FirstOfStrings or > ushort.MaxValue || name.Length is 0 or > AtomName.Longest)
                throw ChannelErrors.Corrupt(table, $"atom {atom:N0} is said to be a string of {name.Length:N0} characters");
            if (counts.Count > 0)
                list.Put((ushort)atom, name, counts);
        }
        return list;
    }

    public bool TryFind(string name, out ushort atom) => _byName.TryGetValue(name, out atom);

    public string? NameOf(ushort atom) => _atoms.TryGetValue(atom, out (string Name, Dictionary<ulong, ulong>) found) ? found.Name : null;

    /// <summary>0: all atoms are taken.</summary>
    public ushort Add(string name, ulong life)
    {
        if (!TryFind(name, out ushort atom))
        {
            atom = FirstFree();
            if (atom == 0)
                return 0;
            Put(atom, name, []);
        }
        Dictionary<ulong, ulong> counts = _atoms[atom].Counts;
        counts[life] = counts.GetValueOrDefault(life) + 1;
        return atom;
    }

    /// <summary>Takes away one of this process's, or of another one's if it has none. False: there is no such atom.</summary>
    public bool Delete(ushort atom, ulong life)
    {
        if (!_atoms.TryGetValue(atom, out (string Name, Dictionary<ulong, ulong> Counts) found))
            return false;
        ulong holder = found.Counts.ContainsKey(life) ? life : found.Counts.Keys.First();
        if (found.Counts[holder] > 1)
            found.Counts[holder]--;
        else
            found.Counts.Remove(holder);
        if (found.Counts.Count == 0)
        {
            _atoms.Remove(atom);
            _byName.Remove(found.Name);
        }
        return true;
    }

    public ReadOnlySpan<byte> ToBytes()
    {
        var writer = new ArrayBufferWriter<byte>();
        foreach ((ushort atom, (string name, Dictionary<ulong, ulong> counts)) in _atoms)
        {
            writer.Number(atom);
            writer.Text(name);
            writer.Number((ulong)counts.Count);
            foreach ((ulong life, ulong count) in counts)
            {
                writer.Number(life);
                writer.Number(count);
            }
        }
        return writer.WrittenSpan;
    }

    private void Put(ushort atom, string name, Dictionary<ulong, ulong> counts)
    {
        _atoms[atom] = (name, counts);
        _byName[name] = atom;
    }

    private ushort FirstFree()
    {
        int free = AtomName.FirstOfStrings;
        foreach (ushort taken in _atoms.Keys)
        {
            if (taken != free)
                break;
            free++;
        }
        return free <= ushort.MaxValue ? (ushort)free : (ushort)0;
    }
}
