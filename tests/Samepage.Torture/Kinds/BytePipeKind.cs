using Samepage.Channels;
using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

/// <summary>Conversations in bytes, whose bounds nobody keeps. What was done up to a byte is named by that byte: its place in the conversation.</summary>
internal sealed class BytePipeKind() : ConversationKind("bytes", PipeMode.Bytes)
{
    /// <summary>What is on its way there and back is less than there is room for, in pieces however small: nobody waits for room while the other does.</summary>
    private const int Longest = 3_000, MostOnItsWay = 4_000;

    protected override long Echo(PipeConnection connection, Work work)
    {
        using Stream stream = connection.AsStream(leaveOpen: true);
        var buffer = new byte[Longest];
        long conversation = 0;
        uint read = 0;
        for (int left = work.Random.Next(1, 2_000); left > 0 && !work.History.IsFull; left--)
        {
            work.History.Begin(PipeCode.Read);
            PipeEnd? end = Read(stream, buffer.AsMemory(0, work.Length(Longest)), work, out Memory<byte> part);
            if (part.IsEmpty)
                work.History.Forget();
            else
            {
                if (read == 0)
                    conversation = ByteStream.ConversationOf(part.Span);
                ByteStream.Check(part.Span, conversation, read);
                read += (uint)part.Length;
                work.History.End(conversation, MessageId.InStream(conversation, read - 1), 0);
            }
            if (end is not null && conversation != 0)
                work.History.Note(PipeCode.ReadEnd, conversation, (long)end);
            if (end is not null || !part.IsEmpty && !Write(stream, PipeCode.Echo, MessageId.InStream(conversation, read - 1), part, work))
                break;
        }
        return conversation;
    }

    protected override void Converse(PipeConnection connection, int session, Work work)
    {
        using Stream stream = connection.AsStream(leaveOpen: true);
        var buffer = new byte[Longest];
        long conversation = MessageId.StreamOf(MessageId.Of(work.Actor, session, 0));
        bool heardAll = false;
        uint written = 0, heard = 0;
        for (int left = work.Random.Next(1, 1_500); left > 0 && !heardAll && !work.IsEnding; left--)
        {
            Memory<byte> part = buffer.AsMemory(0, work.Length(Longest));
            if (written - heard + part.Length <= MostOnItsWay)
            {
                ByteStream.Fill(part.Span, conversation, written);
                if (Write(stream, PipeCode.Write, MessageId.InStream(conversation, written + (uint)part.Length - 1), part, work))
                    written += (uint)part.Length;
                else
                    left = 0;
            }
            heardAll = Hear(stream, buffer, conversation, ref heard, work);
            work.Breathe();
        }
        Complete(connection, conversation, work);
        while (!heardAll && !work.History.IsFull)
            heardAll = Hear(stream, buffer, conversation, ref heard, work);
    }

    /// <summary>Whether there will be no more.</summary>
    private static bool Hear(Stream stream, byte[] buffer, long conversation, ref uint heard, Work work)
    {
        work.History.Begin(PipeCode.Hear);
        PipeEnd? end = Read(stream, buffer.AsMemory(0, work.Length(Longest)), work, out Memory<byte> part);
        if (part.IsEmpty)
            work.History.Forget();
        else
        {
            ByteStream.Check(part.Span, conversation, heard);
            heard += (uint)part.Length;
            work.History.End(MessageId.InStream(conversation, heard - 1));
        }
        if (end is not null)
            work.History.Note(PipeCode.HearEnd, conversation, (long)end);
        return end is not null;
    }

    /// <summary>What there is, or nothing yet, or the end.</summary>
    private static PipeEnd? Read(Stream stream, Memory<byte> room, Work work, out Memory<byte> part)
    {
        part = default;
        stream.ReadTimeout = work.Random.Next(1, 20);
        try
        {
            part = room[..(work.Chance(4) ? Work.Await(stream.ReadAsync(room)) : stream.Read(room.Span))];
            return part.IsEmpty ? PipeEnd.Clean : null;
        }
        catch (TimeoutException)
        {
            return null;
        }
        catch (SharedObjectException e) when (e.Reason == FailureReason.PeerDied)
        {
            return PipeEnd.PeerDied;
        }
    }

    /// <summary>False if there is nobody any more who would read it.</summary>
    private static bool Write(Stream stream, PipeCode code, long last, ReadOnlyMemory<byte> part, Work work)
    {
        work.History.Begin(code, last);
        try
        {
            if (work.Chance(4))
                Work.Await(stream.WriteAsync(part));
            else
                stream.Write(part.Span);
            work.History.End();
            return true;
        }
        catch (SharedObjectException e) when (e.Reason is FailureReason.PeerDied or FailureReason.PeerClosed)
        {
            work.History.LeaveOpen();
            return false;
        }
    }

    public override IEnumerable<Rule> Rules => [PipeRules.BytesRead, PipeRules.BytesHeard, PipeRules.RequestsComplete, PipeRules.EchoesComplete];

    public override string Describe(Operation operation) => Describe<PipeCode>(operation, id => operation.Code is (int)PipeCode.Write or (int)PipeCode.Echo ? MessageId.Text(id) : $"{id:x}", MessageId.Text);
}
