using System.Text;
using Samepage;

namespace Relay;

/// <summary>Writes out what the server hands over, as it comes.</summary>
internal static class Client
{
    public static int Run()
    {
        if (!Life.TryTakeRole("Relay.client", out SharedMutex role))
            return Outcome.Of(Outcome.Refused, "A client is running already.");
        using SharedMutex client = role;
        using var door = new Door();
        if (!Session.TryJoin(door, out Session? session, out SharedMutex? life))
        {
            Console.Error.WriteLine("Waiting for a server.");
            do
                _ = door.Announced.Wait();
            while (!Session.TryJoin(door, out session, out life));
        }
        try
        {
            using (session)
            using (life)
                Relay(session, Life.Watch(session.ServerLife));
            return Outcome.Complete;
        }
        catch (OperationCanceledException)
        {
            return Outcome.Of(Outcome.PeerGone, "The server ended before the end of its input.");
        }
    }

    private static void Relay(Session session, CancellationToken serverEnded)
    {
        using Stream output = Console.OpenStandardOutput();
        Span<byte> utf8 = stackalloc byte[4];
        while (true)
        {
            session.Filled.WaitOrEnd(serverEnded);
            int codePoint = session.Slot.CodePoint;
            if (codePoint == Slot.EndOfInput)
                break;
            // Whoever may open a section may write anything into it.
            Rune character = Rune.IsValid(codePoint) ? new Rune(codePoint) : Rune.ReplacementChar;
            output.Write(utf8[..character.EncodeToUtf8(utf8)]);
            session.Taken.Set();
        }
        session.Taken.Set();
    }
}
