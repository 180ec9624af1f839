using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Samepage.Channels;

/// <summary>Values of any type in the entries of a map of cells, by a serializer.</summary>
public static class CellMapSerialization
{
    /// <summary>Writes a value.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="entry">The entry.</param>
    /// <param name="value">The value.</param>
    /// <param name="serializer">How it is written; before other writers are kept waiting.</param>
    /// <returns>False: the key was removed.</returns>
    /// <exception cref="ArgumentException">It is longer than <see cref="CellMap.ValueCapacity"/>.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.OutOfSpace"/>: there is no memory for it; the value before it stays.</exception>
    public static bool TryWrite<T>(this CellMapEntry entry, T value, IMessageSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(serializer);
        MessageRoom room = MessageRoom.OfOwnMemory();
        try
        {
            serializer.Write(value, room);
            return entry.TryWrite(room.Written);
        }
        finally
        {
            room.End();
        }
    }

    /// <summary>Makes the next value of the latest, while nobody else changes anything in the map. When the function throws, nothing has changed.</summary>
    /// <typeparam name="T">What they are.</typeparam>
    /// <param name="entry">The entry.</param>
    /// <param name="update">Makes the next value; of the default of its type, when none was ever written. It must not use the map itself.</param>
    /// <param name="serializer">How they are read and written; nor must it.</param>
    /// <returns>False: the key was removed.</returns>
    /// <exception cref="ArgumentException">The next value is longer than <see cref="CellMap.ValueCapacity"/>.</exception>
    public static bool TryUpdate<T>(this CellMapEntry entry, Func<T?, T> update, IMessageSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(update);
        ArgumentNullException.ThrowIfNull(serializer);
        var step = new SerializedUpdate<T>(update, serializer, MessageRoom.OfOwnMemory());
        try
        {
            return entry.TryUpdate((step, entry), static (latest, given) => given.step.Next(latest, given.entry.ChangeNumber != 0));
        }
        finally
        {
            step.Room.End();
        }
    }

    /// <summary>Reads the latest value.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="entry">The entry.</param>
    /// <param name="serializer">As it was written with; it reads a copy.</param>
    /// <param name="value">The value.</param>
    /// <returns>False: none was ever written, or the key was removed.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: somebody wrote into the map's memory.</exception>
    public static bool TryRead<T>(this CellMapEntry entry, IMessageSerializer<T> serializer, [MaybeNullWhen(false)] out T value) =>
        TryRead(entry, serializer, out value, out _);

    /// <inheritdoc cref="TryRead{T}(CellMapEntry, IMessageSerializer{T}, out T)"/>
    /// <param name="entry">The entry.</param>
    /// <param name="serializer">As it was written with; it reads a copy.</param>
    /// <param name="value">The value.</param>
    /// <param name="changeNumber">The number of this value: what <see cref="CellMapEntry.WaitForChange"/> wants to know. 0: there is none.</param>
    public static bool TryRead<T>(this CellMapEntry entry, IMessageSerializer<T> serializer, [MaybeNullWhen(false)] out T value, out ulong changeNumber)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(serializer);
        byte[] copy = ArrayPool<byte>.Shared.Rent(entry.Capacity);
        try
        {
            bool read = entry.TryRead(copy, out int length, out changeNumber);
            value = read ? serializer.Read(copy.AsSpan(0, length)) : default;
            return read;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }
}
