"""Wakes your computer. Wants a token with tenant:read and tenant:control; Python's own library is enough."""
import json
import os
import urllib.error
import urllib.request

API = os.environ["MATRIXOS_API"]
TOKEN = os.environ["MATRIXOS_TOKEN"]


def call(method, path):
    request = urllib.request.Request(API + path, method=method)
    request.add_header("Authorization", "Bearer " + TOKEN)
    with urllib.request.urlopen(request) as response:
        return json.load(response)


stats = call("GET", "/stats")
print(f"{stats['instances']} computers, {stats['running']} of them awake")

computer = call("GET", "/computer")
woken = call("POST", f"/computers/{computer['id']}/wake")
print(f"{computer['handle']} is to be {woken['desired']}")

try:
    call("POST", "/computers/ins_00000000000000000000000000/wake")
except urllib.error.HTTPError as error:
    print(error.code, json.load(error)["code"])
