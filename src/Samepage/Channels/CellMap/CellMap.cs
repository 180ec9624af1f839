using System.Diagnostics.CodeAnalysis;
using Samepage.Layout;
using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>The latest values of many things, shared between processes: cells by keys, in one section.</summary>
/// <remarks>
/// Finding, adding and removing keys takes the lock of the map, for a moment; reading the value of an entry that was found takes none, and is wait-free as of a
/// <see cref="Cell"/>. Keys are told apart as they are, case by case. The map lives while anyone holds a handle of it (W19), and all that is in it. All members
/// may be called from any thread at the same time, but for <see cref="Dispose"/>, which comes last.
/// </remarks>
public sealed class CellMap : IDisposable
{
    private readonly CellCore _core;
    private readonly CellMapTable _table;

    private CellMap(ChannelMemory memory)
    {
        _core = new CellCore(memory);
        try
        {
            _table = new CellMapTable(memory);
        }
        catch
        {
            _core.Dispose();
            throw;
        }
    }

    internal CellCore Core => _core;

    internal CellMapTable Table => _table;

    /// <summary>The name.</summary>
    public string Name => _core.Channel.Name;

    /// <summary>What the object says of itself (W21).</summary>
    public SharedObjectInfo Info => _core.Channel.Memory.Info;

    /// <summary>The most bytes of a value, as the map was made.</summary>
    public int ValueCapacity => _table.ValueCapacity;

    /// <summary>The keys that there are, at one moment.</summary>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: somebody wrote into the map's memory.</exception>
    public IReadOnlyList<string> Keys
    {
        get
        {
            using (_core.TakeTurn())
                return [.. _table.Entries().Select(_table.KeyOf)];
        }
    }

    /// <summary>Makes a new map, without keys.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/> (W08).</param>
    /// <param name="options">How it is made; null for the defaults.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.AlreadyExists"/>: an object of any kind has the name (W04, W07).</exception>
    /// <exception cref="ArgumentException">The name or an option cannot be.</exception>
    public static CellMap Create(string name, CellMapOptions? options = null) => Make(name, options, openExisting: false, out _);

    /// <summary>Makes the map, or opens the one that has the name; then its own options win (W04).</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="created">True when it is new.</param>
    /// <param name="options">How a new one is made.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.LimitReached"/>: as many have it open as it was made for.</exception>
    public static CellMap CreateOrOpen(string name, out bool created, CellMapOptions? options = null) => Make(name, options, openExisting: true, out created);

    /// <inheritdoc cref="CreateOrOpen(string, out bool, CellMapOptions?)"/>
    public static CellMap CreateOrOpen(string name, CellMapOptions? options = null) => CreateOrOpen(name, out _, options);

    /// <summary>Opens the map of that name.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <exception cref="SharedObjectException">
    /// <see cref="FailureReason.NotFound"/> (W05), <see cref="FailureReason.WrongKind"/> (W07). <see cref="FailureReason.LimitReached"/>: as many have it open as
    /// it was made for.
    /// </exception>
    public static CellMap Open(string name) => TryOpen(name, out CellMap? map) ? map : throw Absent.Of(name, SharedObjectKind.CellMap);

    /// <summary>Opens the map of that name if there is one.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="map">The map, or null.</param>
    public static bool TryOpen(string name, [NotNullWhen(true)] out CellMap? map)
    {
        map = ChannelMemory.TryOpen(ObjectName.Parse(name), SharedObjectKind.CellMap) is { } memory ? new CellMap(memory) : null;
        return map is not null;
    }

    /// <summary>True when a map of that name is alive at this moment.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    public static bool Exists(string name) =>
        Host.Platform.Inspector.Find(ObjectName.Parse(name), withHolders: false)?.Kind == SharedObjectKind.CellMap;

    /// <summary>The entry of a key; a new one, without a value, if there is none.</summary>
    /// <param name="key">1 to 255 characters.</param>
    /// <exception cref="ArgumentException">It is no key.</exception>
    /// <exception cref="SharedObjectException">
    /// <see cref="FailureReason.LimitReached"/>: there are <see cref="CellMapOptions.MaxKeys"/> already. <see cref="FailureReason.OutOfSpace"/>: there is no memory for it.
    /// </exception>
    public CellMapEntry GetOrAdd(string key)
    {
        Check(key);
        using (_core.TakeTurn())
        {
            int entry = _table.Find(key);
            if (entry < 0)
                entry = _table.Add(key);
            return entry >= 0 ? new CellMapEntry(this, key, entry) : throw Full();
        }
    }

    /// <summary>The entry of a key, if there is one.</summary>
    /// <param name="key">1 to 255 characters.</param>
    /// <param name="entry">The entry, or null.</param>
    /// <exception cref="ArgumentException">It is no key.</exception>
    public bool TryGet(string key, [NotNullWhen(true)] out CellMapEntry? entry)
    {
        Check(key);
        using (_core.TakeTurn())
        {
            int found = _table.Find(key);
            entry = found >= 0 ? new CellMapEntry(this, key, found) : null;
        }
        return entry is not null;
    }

    /// <summary>Removes a key and its value. Who holds the entry, in whatever process, finds it removed; who waits for it is woken.</summary>
    /// <param name="key">1 to 255 characters.</param>
    /// <returns>False: there was none.</returns>
    /// <exception cref="ArgumentException">It is no key.</exception>
    public bool Remove(string key)
    {
        Check(key);
        using (_core.TakeTurn())
        {
            int found = _table.Find(key);
            if (found < 0)
                return false;
            _table.Remove(found);
        }
        _core.Tell();
        return true;
    }

    /// <summary>Closes this handle, and with it the entries that were got by it. Waits by them end.</summary>
    public void Dispose() => _core.Dispose();

    private static void Check(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (key.Length > CellMapRow.LongestKey)
            throw new ArgumentException($"A key has {CellMapRow.LongestKey:N0} characters at most, and this one has {key.Length:N0}.", nameof(key));
    }

    private static CellMap Make(string name, CellMapOptions? options, bool openExisting, out bool created) =>
        new(ChannelMemory.Make(ObjectName.Parse(name), (options ?? new()).ToShape(), openExisting, out created));

    private SharedObjectException Full() => new(FailureReason.LimitReached,
        $"\"{Name}\" has {_table.Count:N0} keys already, and was made for no more. Remove some, or make it for more when it is made anew.", Name, SharedObjectKind.CellMap);
}
