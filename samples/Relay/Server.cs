using System.Buffers;
using System.Text;
using Samepage;

namespace Relay;

/// <summary>Reads its input and hands it over, one character at a time, each when the one before has been taken.</summary>
internal static class Server
{
    public static int Run()
    {
        if (!Life.TryTakeRole("Relay.server", out SharedMutex role))
            return Outcome.Of(Outcome.Refused, "A server is running already.");
        using SharedMutex server = role;
        using var door = new Door();
        using Session session = Session.Announce(door);
        Console.Error.WriteLine("Waiting for a client.");
        _ = session.Joined.Wait();
        try
        {
            // A client that joined and died since has left nothing to open: nobody else held its life.
            if (!SharedMutex.TryOpen(session.ClientLifeName, out SharedMutex? client))
                throw new OperationCanceledException();
            using (client)
                Relay(session, Life.Watch(client));
            return Outcome.Complete;
        }
        catch (OperationCanceledException)
        {
            return Outcome.Of(Outcome.PeerGone, "The client ended before the end of the input.");
        }
    }

    private static void Relay(Session session, CancellationToken clientEnded)
    {
        using Stream input = Console.OpenStandardInput();
        byte[] buffer = new byte[4096];
        int have = 0;
        // Reading cannot be interrupted, waiting for it can: the client may end while nobody types.
        while (Wait(Task.Run(() => input.Read(buffer, have, buffer.Length - have)), clientEnded) is int count and > 0)
        {
            ReadOnlySpan<byte> rest = buffer.AsSpan(0, have + count);
            while (Rune.DecodeFromUtf8(rest, out Rune character, out int length) != OperationStatus.NeedMoreData)
            {
                Hand(session, character.Value, clientEnded);
                rest = rest[length..];
            }
            // A character whose last bytes are still to come.
            rest.CopyTo(buffer);
            have = rest.Length;
        }
        if (have > 0)
            Hand(session, Rune.ReplacementChar.Value, clientEnded);
        Hand(session, Slot.EndOfInput, clientEnded);
    }

    private static int Wait(Task<int> reading, CancellationToken clientEnded)
    {
        reading.Wait(clientEnded);
        return reading.Result;
    }

    private static void Hand(Session session, int codePoint, CancellationToken clientEnded)
    {
        session.Slot.CodePoint = codePoint;
        session.Filled.Set();
        session.Taken.WaitOrEnd(clientEnded);
    }
}
