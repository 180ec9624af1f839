using Samepage.Channels;
using Samepage.Torture.Checking;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

/// <summary>Conversations: clients connect and write, whoever listens sends back what it reads.</summary>
internal abstract class ConversationKind(string name, PipeMode mode) : Kind(name)
{
    public override IReadOnlyList<string> Roles { get; } = ["server", "server", "client", "client", "client"];

    public override bool IsConsumer(string role) => role == "server";

    public override IDisposable? Prepare(string name) => null;

    public override void Run(string role, Work work)
    {
        if (role == "server")
            Serve(work);
        else
            Converse(work);
    }

    /// <summary>Sends back what comes, for a while or to the end.</summary>
    /// <returns>The conversation, or 0 when nothing came.</returns>
    protected abstract long Echo(PipeConnection connection, Work work);

    /// <summary>Writes and hears, for a while; then completes, and hears to the end.</summary>
    protected abstract void Converse(PipeConnection connection, int session, Work work);

    protected static void Complete(PipeConnection connection, long conversation, Work work)
    {
        work.History.Begin(PipeCode.Complete, conversation);
        connection.CompleteWriting();
        work.History.End();
    }

    private void Serve(Work work)
    {
        while (!work.IsDraining)
        {
            try
            {
                using PipeListener listener = PipeListener.Create(work.Name, new PipeOptions { Mode = mode, Capacity = 64 << 10 });
                for (int left = work.Random.Next(1, 20); left > 0 && !work.IsDraining; left--)
                {
                    if (listener.TryAccept(work.UpTo(30), out PipeConnection? connection))
                        Serve(connection, work);
                }
            }
            catch (SharedObjectException e) when (e.Reason == FailureReason.AlreadyExists)
            {
                work.Breathe();
            }
        }
    }

    private void Serve(PipeConnection connection, Work work)
    {
        using (connection)
        {
            long conversation = Echo(connection, work);
            work.History.Begin(PipeCode.Leave, conversation);
            connection.Dispose();
            work.History.End();
        }
    }

    private void Converse(Work work)
    {
        for (int session = 0; !work.IsEnding; session++)
        {
            try
            {
                TimeSpan time = work.UpTo(100);
                using PipeConnection connection = work.Chance(3) ? Work.Await(PipeConnection.ConnectAsync(work.Name, time)) : PipeConnection.Connect(work.Name, time);
                Converse(connection, session, work);
            }
            catch (TimeoutException)
            {
                work.Breathe();
            }
        }
    }
}
