namespace Samepage.Channels;

/// <summary>One update of a cell by a function of values of any type.</summary>
internal sealed class SerializedUpdate<T>(Func<T?, T> update, IMessageSerializer<T> serializer, MessageRoom room)
{
    /// <summary>Holds the next value until the cell has copied it.</summary>
    public MessageRoom Room => room;

    /// <summary>The next value, once it was made.</summary>
    public T Made { get; private set; } = default!;

    public ReadOnlySpan<byte> Next(ReadOnlySpan<byte> latest, bool isThere)
    {
        Made = update(isThere ? serializer.Read(latest) : default);
        serializer.Write(Made, room);
        return room.Written;
    }
}
