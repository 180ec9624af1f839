using Samepage.Channels;
using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

/// <summary>Conversations in messages: each comes back as its echo.</summary>
internal sealed class PipeKind() : ConversationKind("pipe", PipeMode.Messages)
{
    protected override long Echo(PipeConnection connection, Work work)
    {
        long conversation = 0;
        for (int left = work.Random.Next(1, 2_000); left > 0 && !work.History.IsFull; left--)
        {
            work.History.Begin(PipeCode.Read);
            PipeEnd? end = Next(connection, work, out long id);
            if (id == 0)
                work.History.Forget();
            else
                work.History.End(conversation = MessageId.StreamOf(id), id, 0);
            if (end is not null && conversation != 0)
                work.History.Note(PipeCode.ReadEnd, conversation, (long)end);
            if (end is not null || id != 0 && !Echo(connection, id, work))
                break;
        }
        return conversation;
    }

    /// <summary>False if the client is not there any more.</summary>
    private static bool Echo(PipeConnection connection, long id, Work work)
    {
        byte[] message = Payload.Of(id, work.Length(200));
        work.History.Begin(PipeCode.Echo, id);
        bool? written;
        while ((written = Write(connection, message, work)) is null && !work.History.IsFull)
        {
        }
        if (written == true)
            work.History.End();
        else
            work.History.LeaveOpen();
        return written == true;
    }

    protected override void Converse(PipeConnection connection, int session, Work work)
    {
        long conversation = MessageId.StreamOf(MessageId.Of(work.Actor, session, 0));
        bool heardAll = false;
        uint written = 0;
        for (int left = work.Random.Next(1, 1_500); left > 0 && !heardAll && !work.IsEnding; left--)
        {
            long id = MessageId.Of(work.Actor, session, written);
            work.History.Begin(PipeCode.Write, id);
            switch (Write(connection, Payload.Of(id, work.Length(4_000)), work))
            {
                case true:
                    work.History.End();
                    written++;
                    break;
                case false:
                    work.History.LeaveOpen();
                    left = 0;
                    break;
                case null:
                    work.History.Forget();
                    break;
            }
            heardAll = Hear(connection, conversation, work);
            work.Breathe();
        }
        Complete(connection, conversation, work);
        while (!heardAll && !work.History.IsFull)
            heardAll = Hear(connection, conversation, work);
    }

    /// <summary>Whether there will be no more.</summary>
    private static bool Hear(PipeConnection connection, long conversation, Work work)
    {
        work.History.Begin(PipeCode.Hear);
        PipeEnd? end = Next(connection, work, out long id);
        if (id != 0)
            work.History.End(id);
        else
            work.History.Forget();
        if (end is not null)
            work.History.Note(PipeCode.HearEnd, conversation, (long)end);
        return end is not null;
    }

    /// <summary>The next message, or none yet (0), or the end.</summary>
    private static PipeEnd? Next(PipeConnection connection, Work work, out long id)
    {
        id = 0;
        try
        {
            // However it has ended, it is completed: the last look says whether its writer died.
            bool came = connection.TryRead(out PipeMessage message) || WaitToRead(connection, work) && connection.TryRead(out message);
            bool isCompleted = !came && connection.IsCompleted;
            if (came || isCompleted && connection.TryRead(out message))
                id = Payload.Read(message.Span);
            else if (isCompleted)
                return PipeEnd.Clean;
            return null;
        }
        catch (SharedObjectException e) when (e.Reason == FailureReason.PeerDied)
        {
            return PipeEnd.PeerDied;
        }
    }

    private static bool WaitToRead(PipeConnection connection, Work work)
    {
        TimeSpan time = work.UpTo(20);
        return work.Chance(3) ? Work.Await(connection.WaitToReadAsync(time)) : connection.WaitToRead(time);
    }

    /// <summary>True if it was written; null if there was no room; false if there is nobody any more who would read it.</summary>
    private static bool? Write(PipeConnection connection, byte[] message, Work work)
    {
        try
        {
            return connection.TryWrite(message) || connection.WaitToWrite(work.UpTo(20)) && connection.TryWrite(message) ? true : null;
        }
        catch (SharedObjectException e) when (e.Reason is FailureReason.PeerDied or FailureReason.PeerClosed)
        {
            return false;
        }
    }

    public override IEnumerable<Rule> Rules => [PipeRules.RequestsInOrder, PipeRules.EchoesInOrder, PipeRules.RequestsComplete, PipeRules.EchoesComplete];

    public override string Describe(Operation operation) => Describe<PipeCode>(operation, id => operation.Code is (int)PipeCode.Write or (int)PipeCode.Echo ? MessageId.Text(id) : $"{id:x}", MessageId.Text);
}
