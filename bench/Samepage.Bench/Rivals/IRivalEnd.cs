namespace Samepage.Bench.Rivals;

/// <summary>One side's end of a rival. A struct implements it, so that the loops that use it are compiled for it and call nothing indirectly.</summary>
internal interface IRivalEnd
{
    /// <summary>Writes the number into every word of a message, and sends it: when this returns, the other side can have it.</summary>
    /// <param name="length">Bytes, a multiple of 8 that the other side knows.</param>
    /// <param name="number">Of the message.</param>
    void Send(int length, ulong number);

    /// <summary>Sends as many messages, numbered from there on; when this returns, the other side can have them. Who cannot hold any back sends one by one.</summary>
    void SendBatch(int length, ulong number, int count)
    {
        for (int i = 0; i < count; i++)
            Send(length, number + (ulong)i);
    }

    /// <summary>Waits for the next message and reads every word of it.</summary>
    /// <returns>The number in it.</returns>
    /// <exception cref="InvalidOperationException">Its words differ.</exception>
    ulong Receive(int length);
}
