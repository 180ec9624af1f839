using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Samepage.Channels;

/// <summary>Values of any type in a cell of bytes, by a serializer.</summary>
public static class CellSerialization
{
    /// <summary>Writes a value: whoever reads from now on finds it, whole, or a later one.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="cell">The cell.</param>
    /// <param name="value">The value.</param>
    /// <param name="serializer">How it is written; before other writers are kept waiting.</param>
    /// <exception cref="ArgumentException">It is longer than <see cref="Cell.Capacity"/>.</exception>
    /// <exception cref="SharedObjectException">As of <see cref="Cell.Write"/>.</exception>
    public static void Write<T>(this Cell cell, T value, IMessageSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(serializer);
        MessageRoom room = MessageRoom.OfOwnMemory();
        try
        {
            serializer.Write(value, room);
            cell.Write(room.Written);
        }
        finally
        {
            room.End();
        }
    }

    /// <summary>Makes the next value of the latest, while nobody else writes. When the function throws, nothing has changed.</summary>
    /// <typeparam name="T">What they are.</typeparam>
    /// <param name="cell">The cell.</param>
    /// <param name="update">Makes the next value; of the default of its type, when none was ever written. Other writers wait for it, and for the serializer; readers do not.</param>
    /// <param name="serializer">How they are read and written. It must not write to this cell itself.</param>
    /// <returns>The next value.</returns>
    /// <exception cref="ArgumentException">The next value is longer than <see cref="Cell.Capacity"/>.</exception>
    /// <exception cref="SharedObjectException">As of <see cref="Cell.Write"/>.</exception>
    public static T Update<T>(this Cell cell, Func<T?, T> update, IMessageSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(update);
        ArgumentNullException.ThrowIfNull(serializer);
        var step = new SerializedUpdate<T>(update, serializer, MessageRoom.OfOwnMemory());
        try
        {
            // 0: what is empty is a value, or none was ever written; nobody else writes meanwhile.
            cell.Update((step, cell), static (latest, given) => given.step.Next(latest, given.cell.ChangeNumber != 0));
            return step.Made;
        }
        finally
        {
            step.Room.End();
        }
    }

    /// <summary>Reads the latest value.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="cell">The cell.</param>
    /// <param name="serializer">As it was written with; it reads a copy.</param>
    /// <param name="value">The value.</param>
    /// <returns>False: none was ever written.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: somebody wrote into the cell's memory.</exception>
    public static bool TryRead<T>(this Cell cell, IMessageSerializer<T> serializer, [MaybeNullWhen(false)] out T value) => TryRead(cell, serializer, out value, out _);

    /// <inheritdoc cref="TryRead{T}(Cell, IMessageSerializer{T}, out T)"/>
    /// <param name="cell">The cell.</param>
    /// <param name="serializer">As it was written with; it reads a copy.</param>
    /// <param name="value">The value.</param>
    /// <param name="changeNumber">The number of this value: what <see cref="Cell.WaitForChange"/> wants to know. 0: none was ever written.</param>
    public static bool TryRead<T>(this Cell cell, IMessageSerializer<T> serializer, [MaybeNullWhen(false)] out T value, out ulong changeNumber)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(serializer);
        byte[] copy = ArrayPool<byte>.Shared.Rent(Math.Max(1, cell.Length));
        try
        {
            int length;
            while (!cell.TryRead(copy, out length, out changeNumber))
            {
                if (changeNumber == 0)
                {
                    value = default;
                    return false;
                }
                // A later value is longer, up to the capacity, which is the end of it.
                byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(cell.Capacity, Math.Max(length, copy.Length * 2L)));
                ArrayPool<byte>.Shared.Return(copy);
                copy = larger;
            }
            value = serializer.Read(copy.AsSpan(0, length));
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }
}
