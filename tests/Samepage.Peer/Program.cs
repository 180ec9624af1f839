using System.Globalization;
using Samepage.Peer;

// The other process of the process tests. It reads one command a line, answers each with one line, and ends with its input:
// "ok …", or "error Reason message". Everything happens on the main thread, so that a mutex is taken and released by the same one.
//
//   section NAME SIZE | reserve NAME SIZE | open KIND NAME | mutex NAME [owned] | lock NAME | event NAME auto|manual | semaphore NAME INITIAL MAXIMUM
//   file NAME PATH (a section without a name over all of a disk file; NAME is this process's own)
//   put NAME OFFSET VALUE | get NAME OFFSET | commit NAME SIZE | committed NAME
//   wait NAME MILLISECONDS (-1: for ever) | release NAME [COUNT] | set NAME | reset NAME | close NAME
//   any|all|any-async|all-async MILLISECONDS NAME… | keep NAME (a thread that takes the mutex and stays) | thread NAME (one that takes it and ends)
//   join NAME (its membership is member-NAME; answers with the id) | participants NAME | watch NAME ID (the tether is tether-NAME)
//   arm POINT[:COUNT] | stop-at POINT[:COUNT] | lifetime NAME | exclusion NAME | pairs NAME
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
