using System.Globalization;
using Samepage.Peer;

// The other process of the process tests. It reads one command a line, answers each with one line, and ends with its input:
// "ok …", or "error Reason message". Everything happens on the main thread, so that a mutex is taken and released by the same one.
//
//   section NAME SIZE | reserve NAME SIZE | open KIND NAME | mutex NAME [owned] | lock NAME | reader-writer NAME | event NAME auto|manual | semaphore NAME INITIAL MAXIMUM
//   file NAME PATH (a section without a name over all of a disk file; NAME is this process's own)
//   put NAME OFFSET VALUE | get NAME OFFSET | commit NAME SIZE | committed NAME
//   wait NAME MILLISECONDS (-1: for ever) | release NAME [COUNT] | set NAME | reset NAME | close NAME
//   any|all|any-async|all-async MILLISECONDS NAME… | keep NAME (a thread that takes the mutex and stays) | thread NAME (one that takes it and ends)
//   join NAME (its membership is member-NAME; answers with the id) | participants NAME | watch NAME ID (the tether is tether-NAME)
//   life SCOPE (the id by which others know whether this process lives)
//   kind NAME (as anybody finds it) | channel NAME KIND (opens its memory) | commit-range NAME OFFSET LENGTH
//   ring NAME OFFSET LENGTH (maps a range of it twice) | ring-put NAME OFFSET VALUE | ring-get NAME OFFSET
//   topic NAME [FULL-MODE] | publisher NAME | subscriber NAME (pub-NAME and sub-NAME, to be closed) | publish|publish-batch NAME FIRST COUNT LENGTH
//   lend NAME LENGTH (and keeps the loan) | receive NAME COUNT (waits for so many, answers with the last one's number) | lease NAME (keeps it)
//   publish-forever NAME ID | subscribe-forever NAME
//   queue NAME | queue-send NAME NUMBER [PRIORITY] | queue-fill NAME NUMBER (until it is full; answers how many) | queue-receive NAME | queue-lease NAME (both
//   answer with the number and how often it was delivered) | queue-acknowledge NAME | queue-return NAME | queue-sleep NAME (a pending wait for messages)
//   queue-consume NAME once|lease (counts the numbers in the section NAME-ledger, for ever) | queue-produce NAME (for ever)
//   queue-mailbox NAME | queue-mailbox-read NAME (it reads a mailbox)
//   pipe-listen NAME | pipe-accept NAME END | pipe-connect NAME END | pipe-open HANDLE END | pipe-write END COUNT | pipe-read END COUNT (END is this process's own)
//   arm POINT[:COUNT] | stop-at POINT[:COUNT][,POINT…] | lifetime NAME | exclusion NAME | pairs NAME
Console.OutputEncoding = System.Text.Encoding.UTF8;
var objects = new OpenObjects();
while (Console.ReadLine() is { } line)
{
    string answer;
    try
    {
        answer = "ok " + Commands.Run(objects, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
    catch (Samepage.SharedObjectException e)
    {
        answer = string.Create(CultureInfo.InvariantCulture, $"error {e.Reason} {e.Message}");
    }
    catch (InvalidOperationException e)
    {
        answer = $"error Misuse {e.Message}";
    }
    Console.WriteLine(answer.TrimEnd());
}
objects.CloseAll();
